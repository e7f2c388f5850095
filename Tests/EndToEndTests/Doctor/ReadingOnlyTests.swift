import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("The doctor changes nothing")
struct ReadingOnlyTests {
    private let bucket = ["BACKUP_S3_BUCKET": "backups", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"]

    @Test("Files of the backups and of the state folder are what they were, with a bucket too")
    func files() async throws {
        try await withLaboratory { lab in
            let listing =
                #"cd "$0"/.. && find . -path ./tools -prune -o -type f ! -name '*-shm' ! -name '*-wal' -printf '%p %m %s %T@\n' | sort"#
            let before = try await Command("bash", ["-c", listing, lab.admin.folder.string]).output()
            #expect(before.contains("history.sqlite"))
            try await SilentPort.with { port in
                _ = try await lab.doctor(bucket.merging(["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)"]) { $1 })
            }
            #expect(try await Command("bash", ["-c", listing, lab.admin.folder.string]).output() == before)
        }
    }

    @Test("A folder that is not there is a finding, and is not made, by whoever lists it neither")
    func missingFolder() async throws {
        try await withLaboratory { lab in
            let folder = lab.admin.folder.appending("mistyped").string
            var settings: [String: String?] = bucket.merging(["BACKUP_DIR": folder]) { $1 }
            settings["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:1"
            let answer = try await lab.doctor(settings)
            #expect(answer.findings.contains { $0.code == "folder-missing" }, "\(answer.findings)")
            // By default the state lies in the same folder.
            settings["BACKUP_STATE_DIR"] = .some(nil)
            _ = try await lab.doctor(settings)
            _ = try await lab.types("call-center-admin db list", with: settings)
            #expect(try await !lab.admin.entries().contains("mistyped"))
        }
    }

    @Test("A file of the state folder that somebody holds costs the doctor two seconds, not its whole time")
    func held() async throws {
        try await withLaboratory { lab in
            try await SilentPort.with { port in
                let settings = bucket.merging(["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(port)"]) { $1 }
                try await lab.types("call-center-admin db list", with: settings)
                let (cache, mark) = ("\(lab.admin.folder)/../state/catalog.sqlite", "\(lab.admin.folder)/../held")
                let hold = """
                    import signal, sqlite3, sys
                    held = sqlite3.connect(sys.argv[1], isolation_level=None)
                    held.execute("BEGIN EXCLUSIVE")
                    open(sys.argv[2], "w")
                    signal.pause()
                    """
                _ = try await Command("python3", ["-c", hold, cache, mark]).outcome { holder in
                    try await lab.types("until test -e \(mark); do :; done")
                    let answer = try await lab.doctor(settings)
                    #expect(answer.findings.map(\.code) == ["store-silent"], "\(answer.findings)")
                    try holder.send(.kill)
                }
            }
        }
    }
}
