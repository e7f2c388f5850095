import BackupModel
import ObjectStores

/// What bench/stores measures: puts a file into a bucket, or reads it back, with as little around the store as can be. Not part of the product.
///
/// `store-bench put|get FILE BUCKET KEY`, with AWS_ENDPOINT_URL_S3, AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
@main
enum StoreBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5 else { throw BackupError(.invalidUsage, "store-bench put|get FILE BUCKET KEY") }
        let context = RunContext.live()
        let store = try store(bucket: arguments[3], context)
        if arguments[1] == "put" {
            try await put(arguments[2], to: store, key: arguments[4])
        } else {
            try await get(arguments[4], from: store)
        }
    }

    private static let pieceSize = 1 << 20

    private static func store(bucket: String, _ context: RunContext) throws -> S3Store {
        let environment = context.environment
        let options = S3Options(
            bucket: bucket, region: environment["AWS_REGION"] ?? "us-east-1", endpoint: environment["AWS_ENDPOINT_URL_S3"])
        let credentials = AWSCredentials(
            accessKeyID: environment["AWS_ACCESS_KEY_ID"] ?? "", secretAccessKey: Secret(environment["AWS_SECRET_ACCESS_KEY"] ?? ""),
            source: "the environment")
        return try S3Store(options, credentials: StaticAWSCredentials(credentials), context: context)
    }

    private static func put(_ path: String, to store: S3Store, key: String) async throws {
        let file = try await LocalFile.open(path)
        try await store.put(key) { sink in
            var place: Int64 = 0
            while place < file.byteCount {
                let count = Int(min(Int64(pieceSize), file.byteCount - place))
                try await sink.write(try await file.read(at: place, count: count))
                place += Int64(count)
            }
        }
    }

    private static func get(_ key: String, from store: S3Store) async throws {
        let object = try await store.open(key)
        var place: Int64 = 0
        while place < object.byteCount {
            let count = Int(min(Int64(8 * pieceSize), object.byteCount - place))
            _ = try await object.read(at: place, count: count)
            place += Int64(count)
        }
    }
}
