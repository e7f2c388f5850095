import Postgres
import Testing

@Suite struct SQLTests {
    @Test(arguments: [
        ("plain", #""plain""#), ("with space", #""with space""#), (#"quote"inside"#, #""quote""inside""#), ("", #""""#),
        ("semi;colon--", #""semi;colon--""#), ("новая\nстрока", "\"новая\nстрока\""),
    ])
    func identifiersAreQuotedAndTheirQuotesDoubled(name: String, quoted: String) {
        #expect(SQL.identifier(name) == quoted)
    }

    @Test func bytesOfOtherEncodingsStayAsTheyAre() {
        #expect(SQL.identifier([0xEF, 0x22, 0xF0]) == [0x22, 0xEF, 0x22, 0x22, 0xF0, 0x22])
    }

    @Test(arguments: [("it's", "'it''s'"), (#"back\slash"#, #"E'back\\slash'"#), ("", "''")])
    func literalsReadTheSameWhateverTheServersSettings(value: String, quoted: String) {
        #expect(SQL.literal(value) == quoted)
    }
}
