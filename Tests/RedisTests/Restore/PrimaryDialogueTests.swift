import BackupModel
import NIOCore
import Testing

@testable import Redis

@Suite struct PrimaryDialogueTests {
    private let login = OneTimeLogin()

    @Test func asksForTheOneTimePasswordFirst() {
        var dialogue = PrimaryDialogue(login: login)
        #expect(dialogue.answer(["PING"]) == .reply("-NOAUTH Authentication required.\r\n"))
        #expect(dialogue.answer(["PSYNC", "?", "-1"]) == .reply("-NOAUTH Authentication required.\r\n"))
        #expect(dialogue.answer(["AUTH", login.user, login.password.reveal()]) == .reply("+OK\r\n"))
        #expect(dialogue.answer(["REPLCONF", "capa", "eof"]) == .reply("+OK\r\n"))
        #expect(dialogue.answer(["PSYNC", "?", "-1"]) == .transfer)
    }

    @Test func sendsStrangersAway() {
        for words in [["AUTH", "guess"], ["AUTH", login.user, "guess"], ["AUTH", "other", login.password.reveal()], ["AUTH"]] {
            var dialogue = PrimaryDialogue(login: login)
            #expect(dialogue.answer(words) == .dismissal("-WRONGPASS invalid username-password pair\r\n"))
            #expect(dialogue.answer(["PSYNC", "?", "-1"]) != .transfer)
        }
    }

    /// Redis 5 gives the password alone.
    @Test func thePasswordAloneIsEnough() {
        var dialogue = PrimaryDialogue(login: login)
        #expect(dialogue.answer(["AUTH", login.password.reveal()]) == .reply("+OK\r\n"))
    }

    @Test func withoutALoginWhoeverComesIsLetIn() {
        var dialogue = PrimaryDialogue(login: nil)
        #expect(dialogue.answer(["PING"]) == .reply("+PONG\r\n"))
        #expect(dialogue.answer(["FLUSHALL"]) == .reply("-ERR this is no server but a backup being restored\r\n"))
        #expect(dialogue.answer(["psync", "?", "-1"]) == .transfer)
    }

    @Test func commandsAreReadHoweverTheyAreCut() throws {
        let wire = Array("\n\n*3\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n$1\r\n0\r\n\n*1\r\n$4\r\nPING\r\n".utf8)
        for cut in wire.indices {
            var reader = CommandReader()
            let commands = try reader.take(ByteBuffer(bytes: wire[..<cut])) + reader.take(ByteBuffer(bytes: wire[cut...]))
            #expect(commands == [["REPLCONF", "ACK", "0"], ["PING"]])
            #expect(commands.filter(PrimaryDialogue.isAcknowledgement).count == 1)
        }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "*1\r\n$99999999\r\n", "*1000000\r\n", "+OK\r\n"])
    func nonsenseIsRefused(text: String) {
        var reader = CommandReader()
        #expect(throws: CommandReader.Malformed.self) { try reader.take(ByteBuffer(string: text)) }
    }
}
