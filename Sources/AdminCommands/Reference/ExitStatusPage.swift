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

        A failure is one line on standard error, `ERROR: Backup failed: …` for a backup and `CRITICAL: Backup verification failed: …` for a file that did
        not pass, then `hint: …` with what to do about it. A first SIGINT or SIGTERM cancels: queries on the server are cancelled, unfinished
        files removed. A second one ends the process on the spot; what it leaves is removed by the next run.

        """
}
