// swift-tools-version: 6.2

import PackageDescription

/// Every room of the project is built the same way: Swift 6, warnings are errors, imports are private unless they say otherwise.
let roomSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func room(_ name: String, uses: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: uses, swiftSettings: roomSettings)
}

func program(_ name: String, uses: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: uses, swiftSettings: roomSettings)
}

/// `fixtures`: the tests read files from a folder `Fixtures` beside them.
func tests(of name: String, uses: [Target.Dependency] = [], fixtures: Bool = false) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.init(stringLiteral: name)] + uses,
        resources: fixtures ? [.copy("Fixtures")] : [],
        swiftSettings: roomSettings
    )
}

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let jwtKit: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioFoundationCompat: Target.Dependency = .product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let xmlCoder: Target.Dependency = .product(name: "XMLCoder", package: "XMLCoder")

let package = Package(
    name: "call-center-backup",
    products: [
        .executable(name: "call-center-admin", targets: ["call-center-admin"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.17.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.20.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.0.0"),
    ],
    targets: [
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),

        room("BackupModel", uses: [crypto]),
        tests(of: "BackupModel", uses: ["BackupTestKit"]),
        room("DumpFormat", uses: ["CISAL", "CXXHash", "CZstd"]),
        room("RDBFormat", uses: ["CISAL", "CXXHash"]),
        tests(of: "RDBFormat", fixtures: true),
        room("DumpSamples", uses: ["BackupModel", "DumpFormat"]),
        tests(of: "DumpFormat", uses: ["BackupTestKit", "DumpSamples", system]),
        room("ScratchServers", uses: ["BackupModel", subprocess, system]),
        tests(of: "ScratchServers", uses: ["BackupModel", "BackupTestKit", system]),
        room("Postgres", uses: ["BackupModel", "DumpFormat", "BytePipeline", "CLibPQ", "ScratchServers", nioPosix, subprocess, system]),
        tests(
            of: "Postgres", uses: ["BackupModel", "BackupTestKit", "BytePipeline", "DumpFormat", "DumpSamples", "ScratchServers", system],
            fixtures: true),
        room(
            "Redis",
            uses: [
                "BackupModel", "BytePipeline", "DumpFormat", "RDBFormat", "ScratchServers", nioCore, nioPosix, nioTLS, subprocess, system,
            ]),
        tests(
            of: "Redis",
            uses: ["BackupModel", "BackupTestKit", "BytePipeline", "DumpFormat", "RDBFormat", "ScratchServers", nioCore, system]),
        room("BytePipeline", uses: ["BackupModel", "COpenSSL", crypto, deque]),
        tests(of: "BytePipeline", uses: ["BackupModel", "BackupTestKit", crypto, system], fixtures: true),
        room(
            "ObjectStores",
            uses: [
                "BackupModel", "BytePipeline", "CISAL", "CLinux", "OutboundHTTP", asyncHTTPClient, crypto, jwtKit, nioCore,
                nioFoundationCompat, nioHTTP1, nioPosix, nioTLS, xmlCoder,
            ]),
        tests(
            of: "ObjectStores",
            uses: ["BackupModel", "BackupTestKit", "BytePipeline", "CLinux", asyncHTTPClient, crypto, nioCore, nioHTTP1, system]),
        room("OutboundHTTP", uses: ["BackupModel", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioTLS]),
        tests(of: "OutboundHTTP", uses: ["BackupModel", "BackupTestKit", asyncHTTPClient]),
        room("BackupCatalog", uses: ["BackupModel", grdb]),
        tests(of: "BackupCatalog", uses: ["BackupModel", "BackupTestKit", "ObjectStores", grdb, system]),
        room(
            "BackupVerification",
            uses: ["BackupModel", "DumpFormat", "RDBFormat", "BytePipeline", "Postgres", "Redis", "ScratchServers", subprocess, system]),
        tests(
            of: "BackupVerification",
            uses: ["BackupModel", "BackupTestKit", "DumpFormat", "DumpSamples", "Postgres", "RDBFormat", "ScratchServers", system]),
        room(
            "BackupEngine",
            uses: [
                "BackupModel", "DumpFormat", "RDBFormat", "Postgres", "Redis", "BytePipeline", "ObjectStores", "BackupCatalog",
                "BackupReports", "BackupVerification", "Doctor", "OutboundHTTP", "ScratchServers",
                configuration, subprocess, system,
            ]
        ),
        tests(
            of: "BackupEngine",
            uses: [
                "BackupCatalog", "BackupModel", "BackupReports", "BackupTestKit", "BackupVerification", "BytePipeline", "Doctor",
                "DumpFormat",
                "DumpSamples",
                "ObjectStores",
                "Postgres", "Redis",
                system,
            ]
        ),
        room("Doctor", uses: ["BackupModel", "BackupCatalog", "BackupReports"]),
        tests(of: "Doctor", uses: ["BackupCatalog", "BackupModel", "BackupReports", "BackupTestKit"], fixtures: true),
        room(
            "BackupReports",
            uses: [
                "BackupModel", "BackupCatalog", "OutboundHTTP", asyncHTTPClient, crypto, grdb, logging, nioCore, nioFoundationCompat,
                nioHTTP1, nioPosix, nioTLS,
            ]),
        tests(
            of: "BackupReports",
            uses: ["BackupCatalog", "BackupModel", "BackupTestKit", asyncHTTPClient, grdb, logging, nioCore, nioHTTP1, nioPosix, system],
            fixtures: true),
        .target(
            name: "StatusPage",
            dependencies: [
                "BackupModel", "BackupCatalog", "BackupReports", "OutboundHTTP", crypto, hummingbird, logging, mustache, nioCore, nioPosix,
                nioTLS, serviceLifecycle,
            ],
            resources: [.embedInCode("Assets")], swiftSettings: roomSettings),
        tests(
            of: "StatusPage",
            uses: [
                "BackupCatalog", "BackupModel", "BackupReports", "BackupTestKit", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix,
                nioTLS,
                system,
            ], fixtures: true),
        room(
            "AdminCommands",
            uses: [
                "BackupModel", "BackupCatalog", "BackupVerification", "BackupEngine", "BackupReports", "BytePipeline", "Doctor",
                "ObjectStores", "Postgres", "Redis",
                argumentParser,
            ]),
        tests(
            of: "AdminCommands",
            uses: ["BackupCatalog", "BackupEngine", "BackupModel", "BackupReports", "BackupTestKit", "Doctor", "ObjectStores", system],
            fixtures: true),
        room(
            "BackupService",
            uses: [
                "BackupModel", "BackupCatalog", "BackupEngine", "BackupReports", "BackupVerification", "AdminCommands", "ObjectStores",
                "OutboundHTTP", "Postgres", "StatusPage", argumentParser, logging, serviceLifecycle, system, unixSignals,
            ]),
        tests(
            of: "BackupService",
            uses: [
                "AdminCommands", "BackupCatalog", "BackupEngine", "BackupModel", "BackupReports", "BackupTestKit", "Postgres",
                asyncHTTPClient,
                logging, serviceLifecycle, system,
            ]),

        room("BackupTestKit", uses: [crypto, nioCore, nioHTTP1, nioPosix, subprocess, system]),
        tests(of: "BackupTestKit", uses: [nioCore, nioPosix, system]),

        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "BackupCatalog", "BackupEngine", "BackupModel", "BackupTestKit", "BackupVerification", "DumpFormat", "DumpSamples",
                "BackupService", "ObjectStores", "Postgres", "ScratchServers", "call-center-admin", asyncHTTPClient, system,
            ],
            resources: [.copy("Fixtures")], swiftSettings: roomSettings),

        // Of four names: what it does depends on the one it is called by.
        program("call-center-admin", uses: ["BackupService"]),
        program("store-bench", uses: ["BackupModel", "ObjectStores"]),
    ]
)
