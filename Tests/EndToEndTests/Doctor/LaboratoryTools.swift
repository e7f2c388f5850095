import BackupTestKit
import SystemPackage

/// The programs of this machine that start servers, as far as remedies name them, for the servers of a laboratory.
struct LaboratoryTools {
    let folder: FilePath

    /// - Parameter folder: made here.
    init(in folder: FilePath, _ postgres: PostgresServer, _ redis: RedisServer) async throws {
        self.folder = folder
        let values = """
            postgres=\(postgres.folder) programs=\(postgres.installation.programs)
            redis=\(redis.folder) redis_server=\(redis.installation.server)
            backups=\(folder.removingLastComponent().appending("backups"))

            """
        let install = """
            mkdir "$0" && cd "$0" && cat >machine && chmod +x machine && for name in service systemctl journalctl ssh sysctl docker tail pkill pgrep ps runuser install; do ln -s machine "$name"; done
            """
        try await Command("bash", ["-c", install, folder.string]).output(input: "#!/bin/bash\n" + values + Self.script)
        try await LaboratoryCloud.install(in: folder)
    }

    /// What was started here belongs to nobody's supervisor.
    func end() async throws {
        try await Command(folder.appending("pkill").string, ["-KILL", "-x", "backup-service"]).output()
        try await Command("bash", ["-c", #"if [[ -e "$0/redis.pid" ]]; then kill -9 "$(cat "$0/redis.pid")" || true; fi"#, folder.string])
            .output()
    }

    private static let script = #"""
        tools=$(dirname "$(readlink -f "$0")")
        # Others may test a service of theirs at the same time.
        services() {
            local p
            for p in /proc/[0-9]*; do
                if [[ $(cat "$p/comm" 2>/dev/null) == backup-service ]] && grep -qszx "BACKUP_DIR=$backups" "$p/environ" &&
                    grep -Eqs '^State:[[:space:]]+[^ZX[:space:]]' "$p/status"; then
                    echo "${p##*/}"
                fi
            done
        }
        log() {
            case $1 in
                postgres*) exec /usr/bin/tail -n 100 "$postgres/log" ;;
                redis*) exec /usr/bin/tail -n 100 "$redis/log" ;;
                *) exec /usr/bin/tail -n 100 "$tools/backup-service.log" ;;
            esac
        }
        case ${0##*/} in
            tail)
                case ${!#} in /var/log/postgresql/*) log postgres ;; /var/log/redis/*) log redis ;; esac
                exec /usr/bin/tail "$@" ;;
            journalctl) log "$2" ;;
            ps)
                [[ $1 == -C && $2 == backup-service ]] || exec /usr/bin/ps "$@"
                all=$(services); [[ $all ]] && echo "$all"; exit ;;
            pgrep) all=$(services); [[ $all ]] && echo "$all"; exit ;;
            pkill)
                signal=-TERM
                if [[ $1 != -x ]]; then signal=$1; fi
                for p in $(services); do kill "$signal" "$p"; done
                exit 0 ;;
            ssh) shift; exec bash -c "$*" ;;
            # The package's account is not here: whoever tests is the service's.
            runuser)
                [[ $1 == -u && $2 == call-center-backup && $3 == -- ]] || { echo "runuser $* is not played" >&2; exit 1; }
                shift 3
                exec "$@" ;;
            install)
                if [[ $4 == -o && $5 == call-center-backup ]]; then set -- "${@:1:3}" "${@:6}"; fi
                exec /usr/bin/install "$@" ;;
            sysctl) printf '%s\n' "${1#*=}" >"${LABORATORY_SYSCTL:?}" && exit ;;
            service) name=$1 verb=$2 ;;
            systemctl) verb=$1 name=$2 ;;
            docker)
                [[ $1 == compose ]] || { echo "docker $1 is not played" >&2; exit 1; }
                verb=$2 name=$3
                case $verb:$name in
                    ps:*)
                        [[ ! -e $tools/states ]] || exec cat "$tools/states"
                        for s in postgres redis backup-service; do printf '{"Service":"%s","State":"exited","ExitCode":137}\n' "$s"; done
                        exit ;;
                    logs:*) log "$4" ;;
                    run:*)
                        while [[ $1 != backup-service ]]; do shift; done
                        shift
                        exec "$@" ;;
                    exec:*)
                        shift 2
                        secret=
                        while [[ $1 == -* ]]; do
                            if [[ $1 == -e ]]; then secret=$2; shift; fi
                            shift
                        done
                        if [[ $secret != REDISCLI_AUTH ]]; then unset REDISCLI_AUTH; fi
                        shift
                        exec "$@" ;;
                    *:backup-service) name=call-center-backup ;;
                    *:postgres) name=postgresql ;;
                    *:redis) name=redis-server ;;
                esac ;;
        esac
        if [[ $verb == show ]]; then
            [[ ! -e $tools/states ]] || exec cat "$tools/states"
            for unit in postgresql redis-server call-center-backup; do
                printf '%s\n' "Id=$unit.service" LoadState=loaded ActiveState=failed SubState=failed Result=signal ''
            done
            exit
        fi
        # Whoever restarts a program finds it well.
        if [[ $verb == restart ]]; then rm -f "$tools/states"; fi
        as=()
        if [[ $(id -u) == 0 ]]; then as=(setpriv "--reuid=$(stat -c %u "$postgres/data")" "--regid=$(stat -c %g "$postgres/data")" --clear-groups); fi
        case $name:$verb in
            postgresql:restart)
                p=$(head -n 1 "$postgres/data/postmaster.pid")
                all=("$p" $(cat "/proc/$p/task/$p/children"))
                kill -9 "${all[@]}"
                for p in "${all[@]}"; do
                    while grep -Eqs '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$p/status"; do :; done
                done ;;&
            postgresql:start | postgresql:restart)
                # Where nobody reaps it, one that was killed seems to live for ever.
                if grep -qs '^State:.*Z' "/proc/$(head -n 1 "$postgres/data/postmaster.pid")/status"; then
                    rm -f "$postgres"/data/postmaster.pid "$postgres"/.s.PGSQL.*
                fi
                cd "$postgres" && exec "${as[@]}" "$programs/pg_ctl" -D data -l log -t 60 -w start >/dev/null ;;
            redis-server:restart)
                p=$(cat "$redis/pid")
                kill -9 "$p"
                # It has its port until it is dead.
                while grep -Eqs '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$p/status"; do :; done ;;&
            redis-server:start | redis-server:restart)
                cd "$redis" || exit
                setsid "$redis_server" redis.conf </dev/null >>log 2>&1 &
                echo "$!" | tee "$tools/redis.pid" >pid
                until redis-cli -s socket ping 2>&1 | grep -q -e PONG -e NOAUTH; do kill -0 "$!" || exit 1; done ;;
            call-center-backup:restart)
                for p in $(services); do kill "$p"; kill -CONT "$p"; done
                while [[ $(services) ]]; do :; done ;;&
            call-center-backup:start | call-center-backup:restart)
                cd "$tools" || exit
                setsid backup-service </dev/null >>backup-service.log 2>&1 &
                until curl -sf "http://$BACKUP_HTTP/health" >/dev/null; do kill -0 "$!" || exit 1; done ;;
            *) echo "there is no $name to $verb here" >&2; exit 1 ;;
        esac
        """#
}
