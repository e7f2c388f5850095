import CLibPQ

/// What the server said when it refused something (PostgreSQL documentation, "Error and Notice Message Fields").
package struct PostgresError: Error, Sendable, Equatable {
    /// Five characters, see the documentation's appendix "PostgreSQL Error Codes"; nil when the connection itself broke.
    package let sqlState: String?
    package let message: String
    package let detail: String?
    package let hint: String?

    package init(sqlState: String?, message: String, detail: String? = nil, hint: String? = nil) {
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
    }

    init(result: OpaquePointer) {
        self.init(
            sqlState: Self.field(sqlStateField, of: result),
            message: Self.field(primaryMessageField, of: result) ?? trimmed(PQresultErrorMessage(result)),
            detail: Self.field(detailField, of: result),
            hint: Self.field(hintField, of: result)
        )
    }

    private static func field(_ code: Int32, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, code).map { String(cString: $0) }
    }
}

// C character macros do not reach Swift; these are postgres_ext.h's values.
private let sqlStateField = Int32(UInt8(ascii: "C"))
private let primaryMessageField = Int32(UInt8(ascii: "M"))
private let detailField = Int32(UInt8(ascii: "D"))
private let hintField = Int32(UInt8(ascii: "H"))

extension PostgresError: CustomStringConvertible {
    /// Without the rows it speaks of (classes 22, data, and 23, constraints): descriptions get into logs and manifests.
    package var description: String {
        let isOfData = ["22", "23"].contains { sqlState?.hasPrefix($0) == true }
        let state = sqlState.map { " (SQLSTATE \($0))" } ?? ""
        let more = isOfData ? "" : detail.map { ", \($0)" } ?? ""
        return (isOfData ? RowPrivacy.withoutValues(message).text : message) + state + more
    }
}

/// libpq ends its messages with a newline.
func trimmed(_ text: UnsafePointer<CChar>?) -> String {
    guard let text else { return "" }
    return String(cString: text).split(separator: "\n").joined(separator: "; ")
}
