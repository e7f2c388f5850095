import BackupService
import BackupTestKit
import SystemPackage
import Testing

@Suite("deploy/kubernetes")
struct KubernetesTests {
    private let folder = "deploy/kubernetes"

    private func document(_ name: String) async throws -> YAMLNode { try await YAMLNode.document("\(folder)/\(name)") }

    /// What a Deployment or a CronJob runs.
    private func pods() async throws -> [(name: String, spec: YAMLNode)] {
        let jobs = try await YAMLNode.documents("\(folder)/cronjob.yaml")
        let specs = [try await document("deployment.yaml")["spec"]] + jobs.map { $0["spec"]["jobTemplate"]["spec"] }
        return specs.map { $0["template"]["spec"] }.map { ($0["containers"].items.first?["name"].text ?? "", $0) }
    }

    @Test("Every pod runs without rights, on a system it cannot change, within bounds")
    func hardened() async throws {
        let pods = try await pods()
        #expect(pods.map(\.name) == ["backup-service", "backup-now", "backup-reverify", "backup-prune"])
        for (name, spec) in pods {
            #expect(spec["automountServiceAccountToken"].flag == false, "\(name)")
            let account = spec["securityContext"]
            #expect(account["runAsNonRoot"].flag == true && account["runAsUser"].number == 10_001, "\(name)")
            #expect(account["fsGroup"].number == 10_001, "\(name)")
            #expect(account["seccompProfile"]["type"].text == "RuntimeDefault", "\(name)")
            for key in ["hostNetwork", "hostPID", "hostIPC"] { #expect(!spec[key].isThere, "\(name)") }
            let container = try #require(spec["containers"].items.first)
            let rights = container["securityContext"]
            #expect(rights["allowPrivilegeEscalation"].flag == false && rights["readOnlyRootFilesystem"].flag == true, "\(name)")
            #expect(rights["capabilities"]["drop"].texts == ["ALL"], "\(name)")
            #expect(container["resources"]["limits"]["memory"].isThere && container["resources"]["requests"]["memory"].isThere, "\(name)")
            #expect(container["env"].items.compactMap { $0["name"].text }.filter(ProjectFiles.isSecret) == [], "\(name)")
        }
    }

    @Test("What is mounted is there, from no folder of the machine; what is referred to is declared")
    func volumes() async throws {
        let claim = try await document("pvc.yaml")["metadata"]["name"].text
        let map = try await document("configmap.yaml")["metadata"]["name"].text
        let secret = try await document("secret.example.yaml")["metadata"]["name"].text
        for (name, spec) in try await pods() {
            let volumes = spec["volumes"].items
            let container = try #require(spec["containers"].items.first)
            #expect(Set(container["volumeMounts"].items.map { $0["name"].text }) == Set(volumes.map { $0["name"].text }), "\(name)")
            for volume in volumes {
                #expect(!volume["hostPath"].isThere, "\(name)")
                if volume["persistentVolumeClaim"].isThere { #expect(volume["persistentVolumeClaim"]["claimName"].text == claim) }
                guard volume["secret"].isThere else { continue }
                #expect(volume["secret"]["secretName"].text == secret && volume["secret"]["defaultMode"].number == 0o440)
            }
            #expect(container["envFrom"].items.map { $0["configMapRef"]["name"].text } == [map], "\(name)")
        }
    }

    @Test("Two services on two nodes, each with a state of its own, asked over HTTP how they are")
    func deployment() async throws {
        let spec = try await document("deployment.yaml")["spec"]
        #expect(spec["replicas"].number == 2)
        #expect(spec["strategy"]["rollingUpdate"]["maxSurge"].number == 0)
        let pod = spec["template"]["spec"]
        let apart = pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"].items
        #expect(apart.map { $0["topologyKey"].text } == ["kubernetes.io/hostname"])
        let container = try #require(pod["containers"].items.first)
        #expect(container["volumeMounts"].items.contains { $0["subPathExpr"].text == ".state-$(NODE_NAME)" })
        #expect(container["ports"].items.map { $0["containerPort"].number } == [8085])
        for (probe, path) in [("startupProbe", "/health"), ("livenessProbe", "/health"), ("readinessProbe", "/ready")] {
            #expect(container[probe]["httpGet"]["path"].text == path && container[probe]["httpGet"]["port"].text == "http")
        }
        // A stop waits for BACKUP_STOP_TIMEOUT, a minute.
        #expect(pod["terminationGracePeriodSeconds"].number.map { $0 > 60 } == true)
    }

    @Test("Service and ServiceMonitor find the pods, under the name of the job that the rules know")
    func found() async throws {
        let labels = try await document("deployment.yaml")["spec"]["template"]["metadata"]["labels"].fields.mapValues(\.text)
        let service = try await document("service.yaml")
        let monitor = try await document("servicemonitor.yaml")
        #expect(service["spec"]["selector"].fields.mapValues(\.text) == labels)
        #expect(service["spec"]["ports"].items.map { $0["name"].text } == ["http"])
        let own = service["metadata"]["labels"].fields.mapValues(\.text)
        #expect(monitor["spec"]["selector"]["matchLabels"].fields.mapValues(\.text) == own)
        #expect(monitor["spec"]["endpoints"].items.map { $0["port"].text } == ["http"])
        let name = try #require(service["metadata"]["name"].text)
        #expect(try await ProjectFiles.text("deploy/prometheus/call-center-backup.rules.yml").contains("up{job=\"\(name)\"}"))
    }

    /// As the operator's definition has it (monitoring.coreos.com/v1): a key it does not know it drops without a word.
    @Test("The ServiceMonitor has the fields it needs, and none that nobody reads")
    func monitor() async throws {
        let monitor = try await document("servicemonitor.yaml")
        #expect(monitor["apiVersion"].text == "monitoring.coreos.com/v1" && monitor["kind"].text == "ServiceMonitor")
        #expect(Set(monitor.fields.keys) == ["apiVersion", "kind", "metadata", "spec"])
        #expect(Set(monitor["metadata"].fields.keys) == ["name", "labels"])
        #expect(Set(monitor["spec"].fields.keys) == ["selector", "endpoints"])
        #expect(Set(monitor["spec"]["selector"].fields.keys) == ["matchLabels"])
        let endpoint = try #require(monitor["spec"]["endpoints"].items.first)
        #expect(endpoint.fields.mapValues(\.text) == ["port": "http", "path": "/metrics", "interval": "30s"])
        // Where it looks for the Service: in its own namespace, as kustomize applies both.
        let resources = try await document("kustomization.yaml")["resources"].texts
        #expect(resources.contains("service.yaml") && resources.contains("servicemonitor.yaml"))
    }

    @Test("Jobs run a program there is, never two of a kind at once, and leave their failures to be read")
    func jobs() async throws {
        for job in try await YAMLNode.documents("\(folder)/cronjob.yaml") {
            let spec = job["spec"]
            #expect(spec["concurrencyPolicy"].text == "Forbid" && spec["timeZone"].isThere)
            #expect(spec["failedJobsHistoryLimit"].number.map { $0 > 0 } == true)
            let pod = spec["jobTemplate"]["spec"]["template"]["spec"]
            #expect(pod["restartPolicy"].text == "Never")
            let command = try #require(pod["containers"].items.first)["command"].texts
            #expect(command.first.flatMap(Program.init(rawValue:)) != nil)
            let verb = command.first == "backup-now" ? ["db", "backup"] : Array(command.dropFirst())
            #expect(try await Command(AdminProgram.path, verb + ["--help"]).outcome().status == 0, "\(command)")
        }
    }

    @Test("Settings are settings, secrets stand in the Secret alone, and the example has none")
    func settings() async throws {
        let known = try await ProjectFiles.settings()
        let names = try await document("configmap.yaml")["data"].fields.keys
        for name in names { #expect(known.contains(name) && !ProjectFiles.isSecret(name), "\(name)") }
        // The jobs have no service that could be missed.
        let own = try await pods().map { pod in
            pod.spec["containers"].items.flatMap { $0["env"].items.compactMap { $0["name"].text } }.contains("BACKUP_SCHEDULE")
        }
        #expect(own == [true, false, false, false] && !names.contains("BACKUP_SCHEDULE"))
        let example = ProjectFiles.assignments(try #require(try await document("secret.example.yaml")["stringData"]["backup.env"].text))
        for (name, value) in example {
            #expect(known.contains(name), "\(name)")
            #expect(value == "" || !ProjectFiles.isSecret(name), "\(name)")
        }
    }

    @Test("Kubernetes' own schemas know every field, and would say which they did not")
    func schemas() async throws {
        // What an operator and kustomize bring with them Kubernetes has no schema of.
        let files = try await ProjectFiles.names(in: folder).filter { !["kustomization.yaml", "servicemonitor.yaml"].contains($0) }
        #expect(files.count == 7)
        let outcome = try await Validators.kubernetes(files.map { ProjectFiles.path("\(folder)/\($0)") })
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        try await withTemporaryFolder { place in
            let broken = place.appending("deployment.yaml").string
            let text = try await ProjectFiles.text("\(folder)/deployment.yaml").replacing("replicas: 2", with: "replicas: two")
            try await Command("tee", [broken]).output(input: text)
            let refused = try await Validators.kubernetes([broken])
            #expect(refused.status != 0 && (refused.output + refused.errors).contains("spec.replicas"), "\(refused)")
        }
    }

    @Test("kustomization.yaml names files that there are: all but the example, and the jobs, which are another way")
    func kustomization() async throws {
        let named = try await document("kustomization.yaml")["resources"].texts
        let others = try await ProjectFiles.names(in: folder).filter { !named.contains($0) }
        #expect(others == ["cronjob.yaml", "kustomization.yaml", "secret.example.yaml"])
        for name in named { #expect(try await document(name)["kind"].isThere) }
    }
}
