/// How the system names itself in manifests, dump files and `--version`.
package enum Tool {
    package static let version = "0.1.0"
    package static let description = "call-center-backup \(version)"
}
