import BackupVerification
import DumpFormat
import DumpSamples
import Foundation
import Testing

/// Scripts of other programs: what can be said of them is said, and no more.
struct ScriptCheckTests {
    private let script = """
        --
        -- PostgreSQL database dump
        --

        \\restrict abc

        -- Dumped from database version 17.2

        CREATE FUNCTION public.f() RETURNS text AS $$
        COPY nothing FROM stdin;
        $$ LANGUAGE sql;

        --
        -- Data for Name: a; Type: TABLE DATA; Schema: public; Owner: postgres
        --

        COPY public.a (x, y) FROM stdin;
        1\tone
        2\t\\\\.
        \\.


        --
        -- Data for Name: B c; Type: TABLE DATA; Schema: public; Owner: postgres
        --

        COPY public."B c" (z) FROM stdin;

        \\.


        --
        -- PostgreSQL database dump complete
        --

        \\unrestrict abc

        """

    private func compressed(_ text: String, _ container: Container) throws -> [UInt8] {
        // Members without subfields, as other programs write them: the encoder's header is taken off.
        var encoder = ScriptEncoder(container: container, memberBytes: 300)
        let members = try encoder.append(Array(text.utf8)) + (try encoder.finish().members)
        return members.flatMap { member in
            container == .gzip ? [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + member.dropFirst(20) : Array(member.dropFirst(16))
        }
    }

    @Test
    func passesAPlainScript() async throws {
        let verdict = try await verdict(on: Array(script.utf8), .content)
        #expect(verdict.findings == [])
        #expect(verdict.passed)
        #expect(verdict.kind == .script)
        #expect(verdict.tables == 2)
        #expect(verdict.rows == 3)
        #expect(verdict.textBytes == Int64(script.utf8.count))
        #expect(verdict.notProved.contains { $0.contains("carries no row counts or digests") })
    }

    @Test(arguments: Container.allCases)
    func passesACompressedScript(container: Container) async throws {
        let verdict = try await verdict(on: try compressed(script, container), .content)
        #expect(verdict.passed)
        #expect(verdict.kind == (container == .gzip ? .gzipScript : .zstdScript))
        #expect(verdict.rows == 3)
    }

    @Test(arguments: Container.allCases)
    func noticesEveryTruncation(container: Container) async throws {
        let bytes = try compressed(script, container)
        var unseen: [Int] = []
        for length in bytes.indices where try await verdict(on: Array(bytes[..<length])).passed { unseen.append(length) }
        #expect(unseen.isEmpty)
    }

    @Test
    func noticesTruncationOfAPlainScript() async throws {
        let bytes = Array(script.utf8)
        let end = try #require(script.range(of: " complete")).upperBound
        let needed = script[..<end].utf8.count
        var unseen: [Int] = []
        for length in 0..<needed where try await verdict(on: Array(bytes[..<length])).passed { unseen.append(length) }
        #expect(unseen.isEmpty)
    }

    @Test
    func saysWhichTableIsCutOff() async throws {
        let end = try #require(script.range(of: "2\t")).lowerBound
        let verdict = try await verdict(on: Array(script[..<end].utf8))
        #expect(verdict.findings.map(\.message).contains("the COPY block of public.a is not closed: the script ends inside it"))
        #expect(verdict.findings.allSatisfy { $0.table == "public.a" })
    }

    @Test(arguments: [
        ("-- PostgreSQL database dump\n", "the script does not begin as a PostgreSQL dump"),
        ("-- PostgreSQL database dump complete\n", "the script has no \"dump complete\" trailer: it was cut off"),
    ])
    func missesHeaderAndTrailer(line: String, message: String) async throws {
        let verdict = try await verdict(on: Array(script.replacing(line, with: "").utf8))
        #expect(verdict.findings.map(\.message).contains(message))
    }

    @Test
    func noticesTextBehindTheTrailer() async throws {
        let verdict = try await verdict(on: Array((script + "DROP TABLE a;\n").utf8))
        #expect(verdict.findings.map(\.message) == ["text follows the \"dump complete\" trailer"])
    }

    /// The text of a segmented dump, compressed again by somebody, is a script like any other.
    @Test
    func acceptsTheTextOfASegmentedDump() async throws {
        var sample = SampleDump.small(.gzip)
        sample.preData += "--\n-- PostgreSQL database dump complete\n--\n\n"
        let text = try sample.write().script
        let verdict = try await verdict(on: try compressed(text, .gzip))
        #expect(verdict.findings == [])
        #expect(verdict.tables == 2)
        #expect(verdict.rows == 111)
        let cut = try await BackupVerificationTests.verdict(on: Array(text.utf8.prefix(text.utf8.count / 2)))
        #expect(cut.findings.first?.table == "public.calls")
        #expect(cut.findings.first?.message.contains("is not closed") == true)
    }

    @Test
    func acceptsADumpOfACluster() async throws {
        let cluster = """
            --
            -- PostgreSQL database cluster dump
            --

            CREATE ROLE a;

            \(script)
            \(script)
            --
            -- PostgreSQL database cluster dump complete
            --

            """
        let verdict = try await verdict(on: Array(cluster.utf8))
        #expect(verdict.findings == [])
        #expect(verdict.tables == 4)
        let cut = try await BackupVerificationTests.verdict(on: Array(cluster.utf8.dropLast(60)))
        #expect(!cut.passed)
    }

    @Test
    func readsLinesLongerThanItKeeps() async throws {
        let long = script.replacing("1\tone", with: String(repeating: "x", count: 5 << 20))
        let verdict = try await verdict(on: Array(long.utf8))
        #expect(verdict.passed)
        #expect(verdict.rows == 3)
    }
}
