/// Whom a file is encrypted to. Nothing in it helps to open the file.
package struct Encryption: Sendable, Equatable {
    /// How: `age` for age-encryption.org/v1.
    package var format: String
    /// The fingerprints of the recipients, each of whom can open the file: the first 16 hexadecimal digits of the SHA-256 of `age1…`.
    package var recipients: [String]
    package var unknown = UnknownFields()

    package init(format: String = "age", recipients: [String]) {
        self.format = format
        self.recipients = recipients
    }
}

extension Encryption: Codable {
    private enum CodingKeys: CodingKey { case format, recipients }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        format = try fields.decode(String.self, forKey: .format)
        recipients = try fields.decode([String].self, forKey: .recipients)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(format, forKey: .format)
        try fields.encode(recipients, forKey: .recipients)
    }
}
