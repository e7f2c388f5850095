import BackupTestKit
import Glibc
import SystemPackage
import Testing

@Suite("Dockerfile, and what prepares its surroundings")
struct ImageTests {
    @Test("The image runs as nobody in particular, can be asked how it is, and is made of parts that can be replaced")
    func image() async throws {
        let text = try await ProjectFiles.text("Dockerfile")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.last { $0.hasPrefix("USER ") } == "USER 10001:10001")
        #expect(
            text.contains(#"HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["backup-service", "--health"]"#))
        #expect(text.contains("BACKUP_HTTP=0.0.0.0:8085") && text.contains(#"VOLUME ["/backups""#))
        // No image is named but by an argument, and what is built last is what runs.
        let stages = lines.filter { $0.hasPrefix("FROM ") }
        #expect(stages.filter { !$0.contains("${") } == ["FROM runtime AS prebuilt", "FROM runtime"])
        #expect(stages.last == "FROM runtime")
        // What it runs in is Debian without what an image does not need, of the release whose packages are installed.
        let assigned = ProjectFiles.assignments(text.replacing("ARG ", with: ""))
        let arguments = Dictionary(assigned.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(arguments["BASE_IMAGE"] == "debian:bookworm-slim")
        #expect(stages.contains("FROM ${BASE_IMAGE} AS runtime"))
        for image in ["SWIFT_IMAGE", "REDIS_IMAGE"] { #expect(arguments[image]?.hasSuffix("-bookworm") == true, "\(image)") }
        // None of what builds comes along: packages without what they recommend, and of the stage that builds the programs alone.
        #expect(lines.filter { $0.hasPrefix("COPY --from=build") } == ["COPY --from=build /image/usr/ /usr/"])
        let installer = try await ProjectFiles.text("scripts/install-image-packages")
        #expect(installer.contains("apt-get install -y -qq --no-install-recommends"))
        let started = lines.filter { $0.hasPrefix("ENTRYPOINT") || $0.hasPrefix("CMD") }
        #expect(started == [#"ENTRYPOINT ["tini", "--"]"#, #"CMD ["backup-service"]"#])
    }

    @Test(
        "scripts/prepare-compose makes passwords nobody else may read, prints none, and leaves alone what is there",
        .enabled(if: geteuid() == 0, "files are given to other accounts"))
    func preparation() async throws {
        try await withTemporaryFolder { folder in
            try await Command("mkdir", ["\(folder)/deploy", "\(folder)/scripts"]).output()
            try await Command("cp", [ProjectFiles.path("scripts/prepare-compose"), "\(folder)/scripts"]).output()
            try await Command("cp", [ProjectFiles.path("deploy/.env.example"), "\(folder)/deploy"]).output()
            let prepare = Command("\(folder)/scripts/prepare-compose", ["\(folder)/backups"])
            let said = try await prepare.output()
            let password = try await Command("cat", ["\(folder)/deploy/secrets/postgres-password"]).output()
            #expect(password.wholeMatch(of: /[0-9a-f]{48}/) != nil)
            let settings = try await Command("cat", ["\(folder)/deploy/.env"]).output()
            let values = Dictionary(ProjectFiles.assignments(settings).map { ($0.name, $0.value) }) { $1 }
            #expect(values["PGPASSWORD"] == password && values["BACKUPS_ON_HOST"] == "\(folder)/backups")
            let token = try #require(values["BACKUP_HTTP_TOKEN"])
            #expect(token.count == 64 && !said.contains(token) && !said.contains(password))
            let modes = try await Command("find", [folder.string, "-path", "*/deploy/*", "-type", "f", "-printf", "%f %m %g\\n"]).output()
            for line in modes.split(separator: "\n") where !line.hasPrefix(".env.example") {
                #expect(line.hasSuffix(" 440 10001") || line.hasSuffix(" 640 10001"))
            }
            let place = try await Command("stat", ["-c", "%a %u", "\(folder)/backups"]).output()
            #expect(place == "750 10001\n")
            try await prepare.output()
            #expect(try await Command("cat", ["\(folder)/deploy/.env"]).output() == settings)
        }
    }
}
