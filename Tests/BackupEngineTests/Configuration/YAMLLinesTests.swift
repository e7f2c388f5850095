import Testing

@testable import BackupEngine

@Suite("Where the keys of a YAML file stand")
struct YAMLLinesTests {
    @Test("Each by the keys it stands under, whatever is between them")
    func nested() {
        let text = """
            # Settings
            backup:
              jobs: 2

              dir: /backups
            s3:
              lock:
                days: 3
              bucket: b
            alerts: {}
            - not: a key of ours
            """
        #expect(
            YAMLLines.numbers(in: text) == [
                "backup": 2, "backup.jobs": 3, "backup.dir": 5, "s3": 6, "s3.lock": 7, "s3.lock.days": 8, "s3.bucket": 9, "alerts": 10,
            ])
    }

    @Test("What is written on one line has none of its own")
    func flow() {
        #expect(YAMLLines.numbers(in: "backup: {jobs: 2}\nurl:x\n") == ["backup": 1])
    }
}
