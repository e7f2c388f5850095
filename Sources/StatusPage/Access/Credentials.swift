import BackupModel
import Crypto
import FoundationEssentials

/// What a request brings to prove that it may.
///
/// There are no cookies, and nothing a browser adds by itself opens a change: a change takes the token in a header that only a script of ours can
/// set (`Authorization: Bearer`), or in the body of the form. So a page of somebody else's cannot have one made (CSRF), whoever looks at it. Basic
/// authentication, which browsers repeat by themselves, opens reading alone.
struct Credentials {
    /// Of `Authorization: Bearer`.
    var bearer: String?
    /// The password of `Authorization: Basic`; the name does not matter.
    var basic: String?

    init(authorization: String?) {
        guard let (scheme, value) = authorization?.dividedAtSpace else { return }
        switch scheme.lowercased() {
        case "bearer": bearer = value
        case "basic": basic = Self.password(in: value)
        default: break
        }
    }

    private static func password(in value: String) -> String? {
        guard let bytes = Data(base64Encoded: value), let text = String(bytes: bytes, encoding: .utf8) else { return nil }
        return text.firstIndex(of: ":").map { String(text[text.index(after: $0)...]) }
    }
}

extension Secret {
    /// In a time that says nothing about where the two differ: digests are compared, and by a comparison of constant time.
    func equals(_ other: String) -> Bool {
        SHA256.hash(data: Data(reveal().utf8)) == SHA256.hash(data: Data(other.utf8))
    }
}

extension String {
    fileprivate var dividedAtSpace: (String, String)? {
        guard let space = firstIndex(of: " ") else { return nil }
        return (String(self[..<space]), String(self[index(after: space)...].drop { $0 == " " }))
    }
}
