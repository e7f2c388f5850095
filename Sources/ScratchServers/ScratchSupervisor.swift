import BackupModel
import Subprocess
import SystemPackage

/// A shell that owns one scratch server from its start to the removal of its folder.
///
/// It waits on its standard input, which ends when we let go of it *or die in any way*. Its standard error is the folder's lock, which it
/// holds and hands to nobody. Should it be killed itself, the kernel ends the server (`setpriv --pdeathsig`), and the next run removes the
/// folder. It is in a session of its own: a Ctrl-C is for us to act upon.
struct ScratchSupervisor: Sendable {
    let folder: ScratchFolder
    let program: ScratchProgram
    /// What stands before a command so that it runs as the server's account.
    let handOver: [String]
    let isolation: [String]

    /// What the shell prints once the server's process runs, with its number behind.
    static let startedLine = "started "
    /// What it prints when the preparation has failed, and when the server's account cannot get into its folder.
    static let unpreparedLine = "unprepared"
    static let closedLine = "closed"

    func configuration(shell: String) -> Configuration {
        let own = ScratchTools.modesty + handOver
        let line =
            isolation + [
                shell, "-c", Self.script, "scratch-supervisor", folder.path, program.endSignal, program.gentleSignal,
                program.dataLimit.map { "\(max($0.bytes, 0) / 1024)" } ?? "", isolation.isEmpty ? "" : "isolated",
                program.passing.joined(separator: " "), "\(own.count)",
            ] + own + ["\(program.preparation.count)"] + program.preparation + program.server
        var options = PlatformOptions()
        options.createSession = true
        // Killed outright it could not end the server and remove the folder.
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(90))]
        return Configuration(
            executable: .path(FilePath(line[0])), arguments: Arguments(Array(line.dropFirst())),
            environment: .custom(ScratchTools.environment), workingDirectory: "/", platformOptions: options)
    }

    private static let script = """
        set -u
        umask 077
        folder=$1 at_once=$2 gently=$3 limit=$4 isolated=$5 passing=$6 own=("${@:8:$7}"); shift $((7 + $7))
        preparation=("${@:2:$1}"); shift $((1 + $1))
        child=
        exec 3>&1 4>&2 >>"$folder/log" 2>&1
        alive() { [[ $child ]] && kill -0 "$child"; } 2>/dev/null
        wait_for_end() {
            for ((i = 0; i < $1 * 20; i++)); do alive || return 0; sleep 0.05 3>&- 4>&-; done
        }
        end_server() {
            if [[ -e $folder/kept ]]; then
                alive && kill -s "$gently" "$child" && wait_for_end 60
            fi
            alive && kill -s "$at_once" "$child" && wait_for_end 15
            alive && kill -9 "$child" && wait_for_end 5
            # What the server has started and left alone: nobody else is in our namespaces.
            [[ $isolated ]] && for process in /proc/[0-9]*; do
                [[ ${process#/proc/} != "$$" && $process/ns/ipc -ef /proc/$$/ns/ipc ]] && kill -9 "${process#/proc/}"
            done 2>/dev/null
        }
        finish() {
            trap '' TERM INT HUP
            end_server
            if [[ -e $folder/kept ]]; then
                rm -f "$folder/process"
            else
                # The lock goes last: whoever finds a folder without one cannot tell whether it is just being made.
                rm -rf --one-file-system "$folder/server" && rm -rf --one-file-system "$folder"
            fi
        }
        trap finish EXIT
        trap 'exit 1' TERM INT HUP
        become() {
            ulimit -c 0
            [[ $limit ]] && ulimit -d "$limit"
            { echo 800 >/proc/self/oom_score_adj; } 2>/dev/null
            cd "$folder/server" && exec "${own[@]+"${own[@]}"}" "$@"
        }
        begin() {
            become "$@" </dev/null 3>&- 4>&- &
            child=$!
            echo "$child $at_once" >"$folder/process"
        }
        wait_to_be_left() { while read -r _; do :; done; }
        # The log is read before it goes.
        give_up() { echo "$1" >&3; wait_to_be_left; exit 1; }
        if ! (cd / && exec "${own[@]+"${own[@]}"}" test -x "$folder/server") </dev/null 3>&- 4>&-; then
            give_up closed
        fi
        if ((${#preparation[@]})); then
            begin "${preparation[@]}"
            wait "$child" || give_up unprepared
        fi
        for name in $passing; do rm -f "$folder/$name"; done
        begin "$@"
        echo "started $child" >&3
        wait_to_be_left
        """
}
