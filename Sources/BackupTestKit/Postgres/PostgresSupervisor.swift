/// A shell that owns one server from its making to its end.
///
/// It waits on its standard input, which ends when the tests let go of it *or die in any way*: no server and no folder outlives them.
struct PostgresSupervisor: Sendable {
    let folder: String
    let programs: String
    /// The command line that makes the data folder: initdb, or pg_basebackup for a standby.
    let creation: [String]
    let configuration: String
    let password: String?
    let tls: Bool
    let environment: [String: String]

    /// What the shell prints once the server takes connections.
    static let readyLine = "ready"

    var command: Command {
        let asOwner = ProcessOwner.unprivileged?.prefix ?? []
        let ours: [String: String?] = ["SERVER_CONFIGURATION": configuration, "SERVER_PASSWORD": password]
        let owner = ProcessOwner.unprivileged.map { "\($0.user):\($0.group)" } ?? ""
        return Command(
            "bash",
            ["-c", Self.script, "postgres-supervisor", folder, programs, owner, tls ? "tls" : "", "\(asOwner.count)"] + asOwner + creation,
            environment: ours.merging(environment.mapValues(Optional.some)) { own, _ in own }
        )
    }

    private static let script = """
        set -u
        folder=$1 programs=$2 owner=$3 tls=$4 prefix=("${@:6:$5}"); shift $((5 + $5))
        exec 3>&1 >"$folder/log" 2>&1
        as_owner() { "${prefix[@]+"${prefix[@]}"}" "$@" </dev/null 3>&-; }
        finish() {
            trap '' TERM INT HUP
            as_owner "$programs/pg_ctl" -D "$folder/data" -m immediate -t 20 -w stop
            rm -rf "$folder"
        }
        trap finish EXIT
        trap 'exit 1' TERM INT HUP
        cd "$folder" || exit
        printf '%s' "${SERVER_PASSWORD-}" >"$folder/password"; unset SERVER_PASSWORD
        if [[ $tls ]]; then
            openssl req -new -x509 -days 3 -nodes -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -out server.crt -keyout server.key
            chmod 600 server.key
        fi
        if [[ $owner ]]; then chown -R "$owner" "$folder"; fi
        give_up() { tail -n 30 "$folder/log" >&3; exit 1; }
        as_owner "$@" || give_up
        printf '%s' "$SERVER_CONFIGURATION" >>"$folder/data/postgresql.auto.conf"
        as_owner "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -t 60 -w start || give_up
        echo ready >&3
        read -r _
        """
}
