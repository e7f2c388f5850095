import BackupModel
import COpenSSL
import Crypto

/// ChaCha20-Poly1305 (RFC 8439) from one buffer into another, by OpenSSL: swift-crypto's takes and gives `Data`, and copying into and out of it costs as
/// much again as the cipher does. For one user.
final class ChunkCipher {
    static let nonceSize = 12
    static let tagSize = 16

    enum Direction: Int32 {
        case open = 0
        case seal = 1
    }

    private let context: OpaquePointer

    /// - Throws: `.failed` where OpenSSL has no such cipher.
    init(_ direction: Direction, key: SymmetricKey) throws {
        guard let context = EVP_CIPHER_CTX_new() else { throw Self.unavailable }
        self.context = context
        let isReady = key.withUnsafeBytes { key in
            EVP_CipherInit_ex(context, EVP_chacha20_poly1305(), nil, key.bindMemory(to: UInt8.self).baseAddress, nil, direction.rawValue)
        }
        guard isReady == 1, key.bitCount == 256 else { throw Self.unavailable }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// - Parameters:
    ///   - sealed: ciphertext and tag.
    ///   - plain: as long as the ciphertext. What it holds afterwards is to be believed only when this returns true.
    /// - Returns: whether all of it is what was sealed under this nonce.
    func open(_ sealed: UnsafeRawBufferPointer, nonce: [UInt8], into plain: UnsafeMutableRawBufferPointer) -> Bool {
        let text = UnsafeRawBufferPointer(rebasing: sealed.dropLast(Self.tagSize))
        // OpenSSL takes the tag by a pointer that it does not write through.
        let tag = UnsafeMutableRawPointer(mutating: sealed.baseAddress.map { $0 + text.count })
        return begin(nonce) && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(Self.tagSize), tag) == 1 && pass(text, into: plain)
    }

    /// - Parameter sealed: as long as the text and its tag.
    func seal(_ plain: UnsafeRawBufferPointer, nonce: [UInt8], into sealed: UnsafeMutableRawBufferPointer) -> Bool {
        let tag = sealed.baseAddress.map { $0 + plain.count }
        return begin(nonce) && pass(plain, into: sealed)
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagSize), tag) == 1
    }

    /// The key stays the one of the beginning.
    private func begin(_ nonce: [UInt8]) -> Bool { EVP_CipherInit_ex(context, nil, nil, nil, nonce, -1) == 1 }

    private func pass(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Bool {
        let target = output.bindMemory(to: UInt8.self).baseAddress
        var count: Int32 = 0
        // A call without bytes would be taken for the end of authenticated data.
        if !input.isEmpty {
            guard EVP_CipherUpdate(context, target, &count, input.bindMemory(to: UInt8.self).baseAddress, Int32(input.count)) == 1 else {
                return false
            }
        }
        var nothing: Int32 = 0
        return EVP_CipherFinal_ex(context, target, &nothing) == 1 && Int(count) == input.count
    }

    private static let unavailable = BackupError(
        .failed, "this machine's OpenSSL does not offer ChaCha20-Poly1305, which age files are encrypted with",
        hint: "See whether it is restricted to FIPS algorithms, in /etc/ssl/openssl.cnf.")
}
