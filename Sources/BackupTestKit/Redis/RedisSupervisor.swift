/// A shell that owns one server from its making to its end.
///
/// It waits on its standard input, which ends when the tests let go of it *or die in any way*: no server and no folder outlives them.
struct RedisSupervisor: Sendable {
    let folder: String
    let program: String
    let configuration: String
    let tls: Bool
    /// More of the command line: `--sentinel`.
    var arguments: [String] = []

    /// What the shell prints once the server takes connections.
    static let readyLine = "ready"

    var command: Command {
        Command(
            "bash", ["-c", Self.script, "redis-supervisor", folder, program, tls ? "tls" : ""] + arguments,
            environment: ["SERVER_CONFIGURATION": configuration])
    }

    private static let script = """
        set -u
        folder=$1 program=$2 tls=$3; shift 3
        exec 3>&1 >"$folder/log" 2>&1
        server=
        finish() {
            trap '' TERM INT HUP
            if [[ $server ]]; then kill -9 "$server"; wait "$server"; fi
            rm -rf "$folder"
        }
        trap finish EXIT
        trap 'exit 1' TERM INT HUP
        cd "$folder" || exit
        printf '%s\\n' "$SERVER_CONFIGURATION" >redis.conf; unset SERVER_CONFIGURATION
        certificate() { # NAME EXTENSIONS
            openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" &&
                openssl x509 -req -days 3 -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -out "$1.crt" -extfile <(printf '%s' "$2")
        }
        if [[ $tls && ! -e ca.crt ]]; then
            openssl req -new -x509 -days 3 -newkey rsa:2048 -nodes -subj /CN=tests -out ca.crt -keyout ca.key
            certificate server subjectAltName=DNS:redis.test
            certificate client extendedKeyUsage=clientAuth
            chmod a+r ./*.key
        fi
        "$program" redis.conf "$@" </dev/null 3>&- &
        server=$!
        until grep -q -e 'eady to accept connections' -e 'Sentinel ID is' log; do
            kill -0 "$server" || { tail -n 30 log >&3; exit 1; }
            read -r -t 0.02 _ <> <(:)
        done
        echo "$server" >pid
        echo ready >&3
        read -r _
        """
}
