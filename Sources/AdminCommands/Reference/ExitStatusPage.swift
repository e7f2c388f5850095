import BackupModel

/// docs/exit-statuses.md.
struct ExitStatusPage {
    var text: String {
        let rows = ExitStatus.allCases.map { status in
            let codes = BackupError.Code.allCases.filter { $0.exitStatus == status }.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            return "| \(status.rawValue) | \(status.meaning) | \(codes.isEmpty ? "–" : codes) |"
        }
        return head + rows.joined(separator: "\n") + "\n" + tail
    }

    private let head = """
        # Exit statuses

        <!-- Made by scripts/generate-reference; change the table of statuses in the code instead. -->

        The same for `call-center-admin`, `backup-now` and `backup-verify`.

        | status | meaning | kinds of error |
        | --- | --- | --- |

        """

    private let tail = """

        A failure is a line on standard error: `ERROR: Backup failed: …` for a backup, `ERROR: Restore failed: …` for a restore,
        `ERROR: Backup partly done: …` for one that is saved and not in every store, or could not be checked; `CRITICAL: Backup
        verification failed: …` for a file that did not pass its check, `ERROR: …` for the rest. Of wrong settings each has such a line. Then comes `hint: …` with what to do about it. A command line that is not understood has status 2, and its hint names the help. So has a call by another name than the four without any argument.

        A manifest that cannot be read is never passed over: `db list` names it before all others, and fails with status 1 when no manifest can
        be read. `latest`, an ID or the beginning of one that means such a backup fails with status 1; an older backup is never taken in its place.

        `doctor` has status 0 where all is well, 1 for warnings and 3 for failures; what is wrong is its answer, on standard output. With `--fix` it is the status of what is left; 2 where nobody confirmed and nothing was done.

        A first SIGINT, SIGTERM or SIGHUP cancels: queries on the server are cancelled, unfinished files removed. A second one ends the process on
        the spot; what it leaves is removed by the next run. A backup that was stored by then, and is still to be checked, is partly done: status 8. SIGHUP is left alone where it was ignored at the start, as `nohup` has it.

        """
}
