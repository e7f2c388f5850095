import BackupTestKit
import SystemPackage

/// The vendors' programs for buckets, as far as remedies name them, and what of a machine only root may touch. They look for credentials where the real
/// ones do: `aws` in the environment, `gcloud` in the file it is told of.
enum LaboratoryCloud {
    /// - Parameter folder: where the machine's other programs lie.
    static func install(in folder: FilePath) async throws {
        let make = #"""
            cd "$0" && cat >cloud && chmod +x cloud && for name in aws gcloud sudo timedatectl mount apt; do ln -sf cloud "$name"; done
            """#
        try await Command("bash", ["-c", make, folder.string]).output(input: script)
    }

    private static let script = #"""
        #!/bin/bash
        tools=$(dirname "$(readlink -f "$0")")
        away() { echo "$1 is not played" >&2; exit 1; }
        # METHOD URL [BODY]
        s3() {
            curl -sSf -X "$1" --aws-sigv4 "aws:amz:$region:s3" --user "${AWS_ACCESS_KEY_ID:?no credentials}:${AWS_SECRET_ACCESS_KEY:?}" \
                "$endpoint/${2#s3://}" "${@:3}"
        }
        name() { echo "${1##*/}"; }
        case ${0##*/} in
            sudo)
                if [[ $1 == -u ]]; then
                    user=${2//[!0-9]/} && shift 2
                    exec setpriv "--reuid=$user" "--regid=$user" --clear-groups "$@"
                fi
                exec "$@" ;;
            timedatectl) if [[ $1 == set-ntp ]]; then touch "$tools/clock-is-right"; fi ;;
            mount)
                # What /etc/fstab of the laboratory says.
                if [[ -e $tools/fstab.$(name "$1") ]]; then exec bash "$tools/fstab.$(name "$1")"; fi
                exec /bin/mount "$@" ;;
            apt)
                [[ $1 == install ]] || away "apt $1"
                for package in "${@:2}"; do
                    # What the laboratory has of it.
                    if [[ $package != -* ]]; then bash "$tools/apt.$package" || exit 100; fi
                done ;;
            gcloud)
                key=${CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE-}
                if [[ $key && $(<"$key") != *\} ]]; then echo "$key has no key" >&2; exit 1; fi
                api=${CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE:?Google itself is not played}
                case "$1 $2 ${3%%:*}" in
                    "storage buckets list") curl -sSf "${api}b?project=any" ;;
                    "storage buckets create")
                        curl -sSf -X POST -H 'Content-Type: application/json' -d "{\"name\": \"${4#gs://}\"}" "${api}b?project=any" ;;
                    "storage ls gs") bucket=${3#gs://} && curl -sSf "${api}b/${bucket%%/*}/o" ;;
                    "storage rm gs" | "storage mv gs")
                        path=${3#gs://} && object=${path#*/}
                        url="${api}b/${path%%/*}/o/${object//\//%2F}"
                        if [[ $2 == mv ]]; then curl -sSf -o "$4/$(name "$object")" "$url?alt=media"; fi
                        curl -sSf -X DELETE "$url" ;;
                    *) away "gcloud $1 $2 $3" ;;
                esac ;;
            aws)
                endpoint=https://s3.invalid region=${AWS_REGION-}
                while [[ $1 == --* ]]; do
                    case $1 in
                        --endpoint-url) endpoint=$2 ;;
                        --region) region=$2 ;;
                    esac
                    shift 2
                done
                case "$1 $2" in
                    "s3 ls") s3 GET "${3-}" ;;
                    "s3 mb") s3 PUT "$3" ;;
                    "s3 rm") s3 DELETE "$3" ;;
                    "s3 mv")
                        if [[ ${5-} != --recursive ]]; then
                            s3 GET "$3" -o "$4/$(name "$3")" && s3 DELETE "$3"
                            exit
                        fi
                        bucket=${3#s3://} && bucket=${bucket%%/*} && prefix=${3#s3://*/}
                        s3 GET "$bucket?list-type=2&prefix=${prefix//\//%2F}" | grep -o '<Key>[^<]*' | while read -r key; do
                            key=${key#<Key>}
                            # The last word is the pattern of --include.
                            if [[ $(name "$key") == ${!#} ]]; then s3 GET "$bucket/$key" -o "$4/$(name "$key")" && s3 DELETE "$bucket/$key"; fi
                        done ;;
                    *) away "aws $1 $2" ;;
                esac ;;
        esac
        """#
}
