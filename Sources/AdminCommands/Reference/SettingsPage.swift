import BackupEngine

/// docs/configuration.md.
struct SettingsPage {
    let settings: [Setting]

    var text: String {
        let rows = settings.map { setting in
            let standard = setting.standard.map { "`\($0)`" } ?? "–"
            let form = setting.form.description.replacing("|", with: "\\|")
            let secret = setting.isSecret ? " Never printed." : ""
            return "| `\(setting.name)` | `\(setting.yamlKey)` | \(standard) | \(setting.summary)\(secret) (\(form)) |"
        }
        return head + (["| variable | YAML key | default | meaning |", "| --- | --- | --- | --- |"] + rows).joined(separator: "\n") + "\n"
            + tail
    }

    private let head = """
        # Configuration

        <!-- Made by scripts/generate-reference; change the table of settings in the code instead. -->

        A setting can come from four places; the first that has it wins:

        1. a flag of the command (`--jobs 4`),
        2. the process's environment (`BACKUP_JOBS=4`),
        3. a `.env` file of such lines: the one `BACKUP_ENV_FILE` names, else `./.env` if it exists,
        4. a YAML file, named by `BACKUP_CONFIG`.

        `call-center-admin config show` prints every setting with its value and its source, `call-center-admin config check` tries them out. An empty
        value counts as not set. A key of a file that is no setting is warned about. Quotes and ` # comments` in `.env` files mean what
        Docker Compose takes them for. Relative paths start at the current folder, `~/` at the home folder.

        Sizes are written `128MiB` (powers of 1024) or `50MB` (powers of 1000), durations `30s`, `5min`, `2h`, `1d`.


        """

    private let tail = """

        The `PG…` variables are libpq's own. In the environment libpq reads all of them, also those that are not listed here; the listed ones
        may stand in the files as well. Passwords are best kept in `~/.pgpass` or the file of `PGPASSFILE`. No password is ever put on a command line,
        printed or logged.

        As YAML:

        ```yaml
        database:
          url: postgres://backup@db.internal/call_center
          names: [call_center, billing]
        backup:
          dir: /backups
          jobs: 4
          rate_limit: 50MB/s
        ```

        """
}
