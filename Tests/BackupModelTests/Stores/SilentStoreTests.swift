import BackupModel
import Testing

@Suite("A store that does not answer")
struct SilentStoreTests {
    @Test(
        "is looked at with a command that works for it: a bucket has no `ls`",
        arguments: [
            (
                "/mnt/backups of old",
                "See whether it hangs: `timeout 10 ls \"/mnt/backups of old\"`, or `call-center-admin storage check \"/mnt/backups of old\"`."
            ),
            ("s3://bucket/backups", "See whether it hangs: `call-center-admin storage check s3://bucket/backups`."),
        ])
    func hint(store: String, hint: String) {
        let error = BackupError.silent(store)
        #expect(error.code == .stalled && error.message == "\(store) does not answer" && error.hint == hint)
    }
}
