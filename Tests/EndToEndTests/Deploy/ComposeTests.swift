import BackupTestKit
import Testing

@Suite("deploy/compose.yaml")
struct ComposeTests {
    private let file = "deploy/compose.yaml"

    @Test("Has the names the runbook calls things by")
    func names() async throws {
        let compose = try await YAMLNode.document(file)
        #expect(compose["name"].text == "call-center")
        let expected = ["postgres", "redis", "backup-service", "prometheus", "alertmanager", "grafana", "call-processor"]
        #expect(Set(compose["services"].fields.keys) == Set(expected))
        // call-center-postgres-1 and call-center-redis-1 are what compose itself makes of the project's name.
        for service in ["postgres", "redis"] { #expect(!compose["services"][service]["container_name"].isThere) }
        #expect(compose["services"]["backup-service"]["container_name"].text == "call-center-backup-service")
        #expect(compose["volumes"]["postgres_data"]["name"].text == "call_center_postgres_data")
        #expect(compose["services"]["backup-service"]["volumes"].texts.contains("${BACKUPS_ON_HOST:-/backups}:/backups"))
    }

    @Test("Publishes the runbook's ports, to this machine alone")
    func ports() async throws {
        let services = try await YAMLNode.document(file)["services"].fields
        let published = services.values.flatMap { $0["ports"].texts }
        #expect(published.allSatisfy { $0.hasPrefix("127.0.0.1:") })
        let inside = published.compactMap { $0.split(separator: ":").last.flatMap { Int($0) } }
        #expect(Set(inside) == [5432, 6379, 8080, 8085, 9090, 9093, 3000])
        for service in services.values { #expect(!service["network_mode"].isThere) }
    }

    @Test("Holds no secret: they are files that git does not know")
    func secrets() async throws {
        let compose = try await YAMLNode.document(file)
        for (name, service) in compose["services"].fields {
            #expect(service["environment"].fields.keys.filter(ProjectFiles.isSecret) == [], "\(name)")
            #expect(!service["env_file"].isThere, "\(name): what a file of the environment says, docker inspect prints")
        }
        let ignored = try await ProjectFiles.text(".gitignore")
        for (name, secret) in compose["secrets"].fields {
            let source = try #require(secret["file"].text)
            #expect(source == ".env" || source.hasPrefix("secrets/"), "\(name)")
            #expect(ignored.contains(source == ".env" ? "deploy/.env\n" : "deploy/secrets/\n"))
        }
        let excluded = try await ProjectFiles.text(".dockerignore").split(separator: "\n")
        #expect(excluded.contains("*") && excluded.contains("**/.env") && excluded.contains("**/secrets"))
    }

    @Test("Nobody starts before what they need is well, and nobody runs with more rights than they need")
    func health() async throws {
        let services = try await YAMLNode.document(file)["services"].fields
        for (name, service) in services {
            #expect(service["healthcheck"]["test"].texts.count > 1, "\(name)")
            #expect(service["restart"].text == "unless-stopped", "\(name)")
            #expect(service["security_opt"].texts == ["no-new-privileges:true"], "\(name)")
            #expect(!service["privileged"].isThere && !service["user"].isThere, "\(name)")
            #expect(!service["volumes"].texts.contains { $0.contains("docker.sock") }, "\(name)")
            for condition in service["depends_on"].fields.values { #expect(condition["condition"].text == "service_healthy", "\(name)") }
        }
        for name in ["backup-service", "call-processor"] {
            let service = try #require(services[name])
            #expect(Set(service["depends_on"].fields.keys) == ["postgres", "redis"])
            #expect(service["read_only"].flag == true && service["cap_drop"].texts == ["ALL"])
        }
    }

    @Test("Every setting of the service is one that there is")
    func settings() async throws {
        let known = try await ProjectFiles.settings()
        let environment = try await YAMLNode.document(file)["services"]["backup-service"]["environment"].fields
        #expect(environment["BACKUP_ENV_FILE"]?.text == "/run/secrets/backup.env")
        let example = ProjectFiles.assignments(try await ProjectFiles.text("deploy/.env.example"))
        for name in environment.keys + example.map(\.name) { #expect(known.contains(name), "\(name)") }
        for (name, value) in example where ProjectFiles.isSecret(name) { #expect(value == "", "\(name)") }
        #expect(example.contains { $0.name == "PGPASSWORD" } && example.contains { $0.name == "BACKUP_HTTP_TOKEN" })
    }

    /// Where a path of the container comes from in the project, by the mounts of a service; nil where from nowhere.
    private func source(of path: String, in service: YAMLNode) -> String? {
        for mount in service["volumes"].texts {
            let parts = mount.split(separator: ":").map(String.init)
            guard parts.count > 1, parts[0].hasPrefix("./"), path == parts[1] || path.hasPrefix(parts[1] + "/") else { continue }
            return "deploy/\(parts[0].dropFirst(2))\(path.dropFirst(parts[1].count))"
        }
        return nil
    }

    private func provisioned(_ name: String) async throws -> YAMLNode {
        try await YAMLNode.document("deploy/compose/grafana/\(name).yaml")
    }

    @Test("Grafana reads what it is given, and asks Prometheus by the name and the port of its service")
    func dataSource() async throws {
        let services = try await YAMLNode.document(file)["services"]
        // Grafana reads every file of these two folders.
        for name in ["datasources", "dashboards"] {
            let read = source(of: "/etc/grafana/provisioning/\(name)/call-center.yaml", in: services["grafana"])
            #expect(read == "deploy/compose/grafana/\(name).yaml")
        }
        let sources = try await provisioned("datasources")["datasources"].items
        #expect(sources.map { $0["type"].text } == ["prometheus"] && sources.map { $0["isDefault"].flag } == [true])
        #expect(sources.map { $0["url"].text } == ["http://prometheus:9090"] && services["prometheus"].isThere)
        #expect(services["prometheus"]["healthcheck"]["test"].texts.last?.contains(":9090/") == true)
    }

    @Test("Its dashboards lie where it looks for them, the first page is one of them, and that asks a data source there is")
    func dashboards() async throws {
        let grafana = try await YAMLNode.document(file)["services"]["grafana"]
        let providers = try await provisioned("dashboards")["providers"].items
        #expect(providers.map { $0["type"].text } == ["file"])
        let folder = try #require(providers.first?["options"]["path"].text)
        #expect(source(of: folder, in: grafana) == "deploy/grafana")
        let home = try #require(grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].text)
        #expect(home.hasPrefix(folder + "/"))
        let dashboard = try await YAMLNode.document(try #require(source(of: home, in: grafana)))
        #expect(dashboard["uid"].text == "call-center-backup")
        // It chooses by a variable among the data sources of a type; one of another type would be none of them.
        let variables = dashboard["templating"]["list"].items
        let choice = try #require(variables.first { $0["name"].text == "datasource" })
        #expect(choice["type"].text == "datasource")
        #expect(choice["query"].text == (try await provisioned("datasources")["datasources"].items.first?["type"].text))
        let asked = (dashboard["panels"].items + variables).map { $0["datasource"] }.filter(\.isThere)
        #expect(asked.count > 10)
        for one in asked { #expect(one["uid"].text == "${datasource}" && one["type"].text == "prometheus") }
    }

    @Test("docker compose understands it, and would say where it did not")
    func understood() async throws {
        let text = try await ProjectFiles.text(file)
        let folder = ProjectFiles.path("deploy")
        let outcome = try await Validators.compose(text, in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let broken = try await Validators.compose(text.replacing("healthcheck:", with: "healthchek:"), in: folder)
        #expect(broken.status != 0 && broken.errors.contains("healthchek"), "\(broken)")
    }
}
