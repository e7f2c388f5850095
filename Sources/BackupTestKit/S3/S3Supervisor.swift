import Subprocess
import SystemPackage

/// Runs `body` with a private server of object stores, gone on every way out: return, error, cancellation, death of the tests.
/// - Throws: `StoreServerMissing` where it is not on this machine; what `body` throws.
package func withS3Server<Value: Sendable>(
    _ kind: S3Installation.Kind, _ body: (S3Server) async throws -> Value
) async throws -> Value {
    let installation = try S3Installation.required(kind)
    let folder = try TemporaryFolder(prefix: "ccb-\(kind.rawValue)").path
    let ports = try (0..<12).map { _ in try FreePort.any() }
    let command = Command(
        "bash", ["-c", S3Supervisor.script, "s3-supervisor", kind.rawValue, folder.string, installation.program] + ports.map { "\($0)" },
        environment: ["PYTHONPATH": "\(StoreFolder.path)/moto/python", "PYTHONDONTWRITEBYTECODE": "1"])
    var configuration = command.configuration
    // Killing the supervisor outright would leave its server behind.
    configuration.platformOptions.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(30))]
    let ended = try await Subprocess.run(configuration, input: .inputWriter, output: .sequence, error: .discarded) { execution in
        let result: Result<Value, any Error>
        do {
            let key = try await S3Supervisor.key(in: execution.standardOutput.strings(), kind)
            let server = S3Server(
                kind: kind, port: ports[0], securePort: kind == .seaweedfs ? ports[1] : nil, folder: folder, accessKeyID: key.id,
                secretAccessKey: key.secret)
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        try await execution.standardInputWriter.finish()
        return result
    }
    return try ended.closureResult.get()
}

/// A private server that did not come up, with the end of its log.
package struct S3StartFailure: Error, CustomStringConvertible {
    let kind: S3Installation.Kind
    let log: String
    package var description: String { "\(kind.rawValue) did not start: \(log)" }
}

/// A shell that owns one server from its making to its end: it waits on its standard input, which ends when the tests let go of it or die.
enum S3Supervisor {
    /// Waits for the line `ready KEY SECRET`.
    static func key(
        in printed: SubprocessOutputSequence.StringSequence<UTF8>, _ kind: S3Installation.Kind
    ) async throws -> (id: String, secret: String) {
        var log = ""
        for try await line in printed {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count == 3, words[0] == "ready" { return (String(words[1]), String(words[2])) }
            log += line
        }
        throw S3StartFailure(kind: kind, log: log)
    }

    static let script = """
        set -u
        kind=$1 folder=$2 program=$3; shift 3
        exec 3>&1 >"$folder/log" 2>&1
        port=$1
        server=
        finish() {
            trap '' TERM INT HUP
            if [[ $server ]]; then kill -9 "$server"; wait "$server"; fi
            rm -rf "$folder"
        }
        trap finish EXIT
        trap 'exit 1' TERM INT HUP
        cd "$folder" || exit
        fail() { tail -n 30 log >&3; exit 1; }
        export AWS_ACCESS_KEY_ID=AKTESTKEY AWS_SECRET_ACCESS_KEY=SKTESTSECRET AWS_DEFAULT_REGION=eu-west-9 AWS_EC2_METADATA_DISABLED=true
        unset AWS_PROFILE AWS_SESSION_TOKEN http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
        mkdir data
        case $kind in
        seaweedfs)
            openssl req -new -x509 -days 3 -newkey rsa:2048 -nodes -subj /CN=tests -out ca.crt -keyout ca.key &&
                openssl req -new -newkey rsa:2048 -nodes -subj /CN=s3 -keyout s3.key -out s3.csr &&
                openssl x509 -req -days 3 -in s3.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out s3.crt \
                    -extfile <(echo subjectAltName=IP:127.0.0.1) || fail
            "$program" mini -dir=data -ip=127.0.0.1 -ip.bind=127.0.0.1 -admin.ui=false -webdav=false -bucket=backups \
                -master.volumeSizeLimitMB=64 -s3.port="$1" -s3.port.https="$2" -s3.cert.file=s3.crt -s3.key.file=s3.key \
                -s3.port.grpc="$3" -s3.port.iceberg="$4" -master.port="$5" -master.port.grpc="$6" -filer.port="$7" \
                -filer.port.grpc="$8" -volume.port="$9" -volume.port.grpc="${10}" -admin.port="${11}" -admin.port.grpc="${12}" \
                </dev/null 3>&- &
            server=$! ;;
        moto)
            INITIAL_NO_AUTH_ACTION_COUNT=3 "$program" -H 127.0.0.1 -p "$port" </dev/null 3>&- &
            server=$! ;;
        juicefs)
            "$program" format --storage file --bucket "$folder/data/" --trash-days 0 "sqlite3://$folder/meta.db" jfs || fail
            MINIO_ROOT_USER=AKTESTKEY MINIO_ROOT_PASSWORD=SKTESTSECRET MINIO_REGION_NAME=eu-west-9 "$program" gateway --cache-dir "$folder/cache" \
                --multi-buckets --no-usage-report "sqlite3://$folder/meta.db" "127.0.0.1:$port" </dev/null 3>&- &
            server=$! ;;
        rclone)
            mkdir data/backups
            "$program" serve s3 --config /dev/null --auth-key AKTESTKEY,SKTESTSECRET --addr "127.0.0.1:$port" --vfs-cache-mode off data </dev/null 3>&- &
            server=$! ;;
        esac
        until (exec 4<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
            kill -0 "$server" || fail
            read -r -t 0.05 _ <> <(:)
        done
        keys=$(python3 - "$kind" "$port" <<'END'
        import json, sys, time, urllib.parse, urllib.request
        import boto3, botocore.config, botocore.exceptions
        kind, port = sys.argv[1:]
        url = f"http://127.0.0.1:{port}"
        key, secret = "AKTESTKEY", "SKTESTSECRET"
        if kind == "moto":
            def ask(**fields):
                body = urllib.parse.urlencode(fields | {"Version": "2010-05-08"}).encode()
                head = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20200101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=a"}
                return urllib.request.urlopen(urllib.request.Request(url, body, head)).read().decode()
            allow = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
            ask(Action="CreateUser", UserName="backup")
            ask(Action="PutUserPolicy", UserName="backup", PolicyName="all", PolicyDocument=allow)
            made = ask(Action="CreateAccessKey", UserName="backup")
            key = made.split("<AccessKeyId>")[1].split("<")[0]
            secret = made.split("<SecretAccessKey>")[1].split("<")[0]
        settings = botocore.config.Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1})
        client = boto3.client("s3", endpoint_url=url, aws_access_key_id=key, aws_secret_access_key=secret, region_name="eu-west-9",
                              config=settings)
        place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-9"}}
        def until_done(call):
            for attempt in range(400):
                try:
                    return call()
                except client.exceptions.BucketAlreadyOwnedByYou:
                    return
                except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
                    last = error
                    time.sleep(0.05)
            raise last
        if kind in ("moto", "juicefs"):
            until_done(lambda: client.create_bucket(Bucket="backups", **place))
        if kind in ("seaweedfs", "moto"):
            until_done(lambda: client.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True, **place))
        until_done(lambda: client.put_object(Bucket="backups", Key="ready", Body=b"1"))
        print(key, secret)
        END
        ) || fail
        echo "ready $keys" >&3
        read -r _
        """
}
