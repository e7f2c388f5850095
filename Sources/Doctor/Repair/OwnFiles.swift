import BackupModel

/// The files of a folder that are the backups', by their names: what operators have put beside them is theirs.
enum OwnFiles {
    private static let id = "[0-9]{8}T[0-9]{6}Z"
    /// As `ArtifactName` reads them, whatever the database is called. A manifest is never encrypted.
    private static let names =
        "(\(id)[.]json|(globals-\(id)[.]sql|redis-([0-9]+-)?\(id)[.]rdb[.]gz|[^/]+-\(id)[.](dump|sql[.]gz|sql[.]zst))([.]age)?)"

    /// Takes the rights of others away from them; the folder may be named by a link.
    static func closing(_ folder: String) -> String {
        "find -H \(Shell.quoted(folder)) -maxdepth 1 -type f -perm /077 -regextype posix-extended -regex '.*/\(names)' -exec chmod go-rwx {} +"
    }
}
