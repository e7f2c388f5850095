import BackupModel
import BackupTestKit
import ObjectStores
import Testing

@testable import BackupEngine

@Suite("Settings of Google Cloud Storage")
struct GCSSettingsTests {
    @Test("Without a bucket there is no store")
    func none() async throws {
        try await withMachine(environment: ["BACKUP_GCS_PREFIX": "p"]) { machine in
            let configuration = try await machine.load()
            #expect(configuration.gcs == nil)
        }
    }

    @Test("A store is named after its bucket and prefix", arguments: [("", "gs://backups"), ("/night/", "gs://backups/night")])
    func name(prefix: String, name: String) async throws {
        try await withMachine(environment: ["BACKUP_GCS_BUCKET": "backups", "BACKUP_GCS_PREFIX": prefix]) { machine in
            let settings = try #require(try await machine.load().gcs)
            #expect(settings.name == name)
            #expect(try settings.store(context: machine.context).name == name)
            #expect(settings.emulator == nil)
        }
    }

    @Test("A name that is none of a bucket is refused", arguments: ["b/c", "gs://backups", "Backups", "ab", "a b c"])
    func badName(bucket: String) async throws {
        try await withMachine(environment: ["BACKUP_GCS_BUCKET": bucket]) { machine in
            let error = try await #require(throws: BackupError.self) { try await machine.load() }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.contains("BACKUP_GCS_BUCKET"))
        }
    }

    @Test("An emulator, a file of credentials and how objects are written may stand in a file")
    func files() async throws {
        try await withMachine { machine in
            try await machine.write(
                ".env",
                """
                BACKUP_GCS_BUCKET=backups
                STORAGE_EMULATOR_HOST=localhost:9023
                BACKUP_GCS_STORAGE_CLASS=nearline
                BACKUP_GCS_KMS_KEY=projects/p/locations/l/keyRings/r/cryptoKeys/k
                """)
            let settings = try #require(try await machine.load().gcs)
            #expect(settings.emulator == "http://localhost:9023")
            #expect(settings.options.storageClass == "NEARLINE")
            #expect(settings.options.kmsKey == "projects/p/locations/l/keyRings/r/cryptoKeys/k")
        }
    }

    @Test("The rate that is set is the rate it is sent at", arguments: [nil, "100kB/s"] as [String?])
    func rateLimit(rate: String?) async throws {
        let server = ScriptedGCS(bucket: "backups")
        try await server.serving {
            var environment = ["STORAGE_EMULATOR_HOST": server.url, "BACKUP_GCS_BUCKET": "backups"]
            environment["BACKUP_GCS_RATE_LIMIT"] = rate
            try await withMachine(environment: environment) { machine in
                let clock = SteppingClock()
                var context = machine.context
                context.clock = clock
                let store = try #require(try await machine.load().gcs).store(context: context)
                try await store.put("a", bytes: [UInt8](repeating: 1, count: 400_000))
                #expect(server.object("a")?.bytes.count == 400_000)
                // A quarter of a second's worth goes at once.
                let (waited, bounds) = (clock.now.elapsed, Duration.milliseconds(3700)..<Duration.milliseconds(4000))
                #expect(rate == nil ? waited == .zero : bounds.contains(waited), "\(waited)")
            }
        }
    }

    @Test("The store asks the server that was named, with the credentials a file named")
    func credentials() async throws {
        let server = ScriptedGCS(bucket: "backups")
        try await server.serving {
            try await withMachine(environment: ["STORAGE_EMULATOR_HOST": server.url, "BACKUP_GCS_BUCKET": "backups"]) { machine in
                let store = try #require(try await machine.load().gcs).store(context: machine.context)
                try await store.put("a", bytes: [1])
                #expect(server.names == ["a"])
                let other = try #require(try await machine.load().gcs).store(bucket: "others", prefix: "", context: machine.context)
                let error = try await #require(throws: BackupError.self) { _ = try await other.list() }
                #expect(error.hint?.contains("the bucket's name in the URL that was given") == true, "\(error)")
            }
        }
        try await withMachine(environment: ["BACKUP_GCS_BUCKET": "backups"]) { machine in
            try await machine.write(".env", "GOOGLE_APPLICATION_CREDENTIALS=./key.json\n")
            let store = try #require(try await machine.load().gcs).store(context: machine.context)
            let error = try await #require(throws: BackupError.self) { _ = try await store.list() }
            #expect(error.message.contains("no Google credentials from \(machine.folder)/key.json"))
        }
    }
}
