package import BackupModel
import FoundationEssentials
import NIOHTTP1

/// Asks Prometheus what it knows of the backups, as the runbook does (HTTP API of its documentation, "Instant queries").
package struct PrometheusQuestion: Sendable {
    private let url: String
    /// Where the proxy is named.
    private let environment: [String: String]

    package init(url: String, environment: [String: String]) {
        self.url = url
        self.environment = environment
    }

    /// - Throws: `.sourceUnreachable` when there is no answer, `.failed` for one that is none of Prometheus'.
    package func ask() async throws -> PrometheusFigures {
        async let statuses = samples("max by (target, status) (backup_status) == 1")
        async let successes = samples("max by (target) (last_successful_backup_timestamp)")
        return PrometheusFigures(statuses: try await statuses, successes: try await successes)
    }

    private func samples(_ query: String) async throws -> [PrometheusSample] {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        let answer: ReportHTTP.Answer
        do {
            answer = try await ReportHTTP.send(.GET, Secret("\(base)/api/v1/query?query=\(query.escaped)"), environment: environment)
        } catch { throw BackupError(.sourceUnreachable, "Prometheus at \(base) gave no answer: \(error.reason)") }
        guard answer.status == 200, let body = try? JSONDecoder().decode(PrometheusVector.self, from: Data(answer.text.utf8)) else {
            throw BackupError(.failed, "what answers at \(base) with \(answer.status) is no Prometheus")
        }
        return body.data.result
    }
}

/// What Prometheus says of each target.
package struct PrometheusFigures: Sendable, Equatable {
    /// `ok`, `failed` or `never`, beside a `running` that may be.
    package var statuses: [BackupTarget: Set<String>] = [:]
    package var lastSuccess: [BackupTarget: Instant] = [:]

    package init() {}

    init(statuses: [PrometheusSample], successes: [PrometheusSample]) {
        for sample in statuses {
            guard let target = sample.target, let status = sample.metric["status"] else { continue }
            self.statuses[target, default: []].insert(status)
        }
        for sample in successes where sample.value.number > 0 {
            if let target = sample.target { lastSuccess[target] = Instant(secondsSinceEpoch: Int64(sample.value.number)) }
        }
    }
}

private struct PrometheusVector: Decodable {
    struct Result: Decodable { var result: [PrometheusSample] }

    var data: Result
}

struct PrometheusSample: Decodable, Sendable {
    /// A time, and the number as text.
    struct Value: Decodable, Sendable {
        var number: Double

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            _ = try list.decode(Double.self)
            let number = Double(try list.decode(String.self)) ?? 0
            self.number = number.isFinite ? number : 0
        }
    }

    var metric: [String: String]
    var value: Value

    var target: BackupTarget? { metric["target"].flatMap { BackupTarget(rawValue: $0) } }
}

extension String {
    /// For a query of a URL.
    fileprivate var escaped: String {
        utf8.map { byte in
            let isPlain = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            return isPlain || byte == UInt8(ascii: "_")
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
