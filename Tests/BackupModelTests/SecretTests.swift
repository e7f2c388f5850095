import BackupModel
import Testing

@Suite("Secret")
struct SecretTests {
    private struct Holder {
        var user = "postgres"
        var password = Secret("hunter2")
    }

    @Test("No rendering shows it")
    func renderings() {
        var dumped = ""
        dump(Holder(), to: &dumped)
        let renderings = [
            "\(Secret("hunter2"))", String(reflecting: Secret("hunter2")), "\(Holder())", String(reflecting: Holder()), dumped,
        ]
        for text in renderings {
            #expect(!text.contains("hunter2"))
            #expect(text.contains(Secret.redacted))
        }
    }

    @Test("It is handed over when asked for")
    func reveal() {
        #expect(Secret("hunter2").reveal() == "hunter2")
    }
}
