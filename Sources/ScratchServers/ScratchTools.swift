import Glibc
package import Subprocess
import SystemPackage

/// The small programs of util-linux and coreutils that hold a scratch server in its bounds.
package enum ScratchTools {
    /// The environment of everything around a scratch server: none of ours, which may hold secrets.
    package static let environment: [Environment.Key: String] = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"]

    package static func path(of tool: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].map { $0 + tool }.first { access($0, X_OK) == 0 }
    }

    /// Behind everybody else on this machine: for the processor and for the disk.
    static let modesty: [String] =
        (path(of: "nice").map { [$0, "-n", "10"] } ?? []) + (path(of: "ionice").map { [$0, "-c", "3", "-t"] } ?? [])

    /// What stands before a command so that it runs as the account, can gain nothing, and ends with the supervisor that started it.
    /// - Returns: nil when we are root and the tool for it is missing.
    static func handOver(to account: ScratchAccount, endSignal: String?) -> [String]? {
        guard let setpriv = path(of: "setpriv") else { return account.isOther ? nil : [] }
        let identity = account.isOther ? ["--reuid=\(account.user)", "--regid=\(account.group)", "--clear-groups"] : []
        return [setpriv] + identity + ["--no-new-privs"] + (endSignal.map { ["--pdeathsig", $0] } ?? [])
    }

    /// Namespaces without network and without anybody else's shared memory, where the kernel lets us make them.
    static func isolation() async -> [String] {
        guard geteuid() == 0, let unshare = path(of: "unshare") else { return [] }
        let flags = ["--net", "--ipc"]
        let attempt = try? await run(
            .path(FilePath(unshare)), arguments: Arguments(flags + ["true"]), environment: .custom(environment),
            output: .discarded, error: .discarded)
        return attempt?.terminationStatus.isSuccess == true ? [unshare] + flags : []
    }
}
