import BackupModel
import Crypto
import FoundationEssentials
import NIOHTTP1

extension STSEndpoint {
    /// A form, signed as AWS's services want it.
    func signed(_ form: String, with caller: AWSCredentials, at now: Instant) -> HTTPCall {
        var call = HTTPCall.question(.POST, url, form: form)
        let signature = SignatureV4(region: region, service: "sts", credentials: caller, time: now)
        call.headers.add(name: "X-Amz-Date", value: signature.timestamp)
        if let token = caller.sessionToken { call.headers.add(name: "X-Amz-Security-Token", value: token.reveal()) }
        let subject = SignatureV4.Subject(
            method: "POST", path: path, query: [],
            headers: call.headers.map { (name: $0.name, value: $0.value) } + [(name: "host", value: host)],
            payloadHash: SHA256.hash(data: Data(form.utf8)).hexadecimal)
        call.headers.add(name: "Authorization", value: signature.authorization(for: subject))
        return call
    }

    private var path: String { URL(string: url)?.path(percentEncoded: true) ?? "/" }

    /// As clients write it into the request: with the port where it is not the scheme's own.
    private var host: String {
        guard let parts = URL(string: url), let name = parts.host(percentEncoded: true) else { return "" }
        guard let port = parts.port, port != (parts.scheme == "https" ? 443 : 80) else { return name }
        return "\(name):\(port)"
    }
}
