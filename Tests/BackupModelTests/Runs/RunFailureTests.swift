import BackupModel
import Foundation
import Testing

@Suite("What is kept of a failure")
struct RunFailureTests {
    @Test("What kind it was is kept with it, store by store")
    func kind() throws {
        var error = BackupError(.partlyDone, "it is not in s3://b", cause: BackupError(.storeFailed, "no", obstacle: .denied))
        error.storeObstacles = ["s3://b": .denied, "gs://b": .unreachable]
        let failure = RunFailure(error)
        let read = try JSONDecoder().decode(RunFailure.self, from: JSONEncoder().encode(failure))
        #expect(read == failure && !read.isDeath)
        #expect(read.isDenial(by: "s3://b") == true && read.isDenial(by: "gs://b") == false)
    }

    @Test("One that says nothing of it has none")
    func plain() {
        let failure = RunFailure(BackupError(.failed, "the server closed the connection"))
        #expect(failure.kind == nil && failure.isDenial(by: "s3://b") == nil && !failure.isDeath)
    }

    @Test("A record of a version before is read, and its words say that the process was gone")
    func old() throws {
        let text = #"{"code": "failed", "message": "its process ended without a word: killed, out of memory", "others": []}"#
        let read = try JSONDecoder().decode(RunFailure.self, from: Data(text.utf8))
        #expect(read.kind == nil && read.isDeath)
        #expect(RunFailure(code: .failed, message: "gone", kind: FailureKind(isDeath: true)).isDeath)
    }
}
