import BackupModel
import BackupReports

/// Whether this machine has the memory for a copy of Redis, which is written by a forked child.
struct RedisMemory {
    let server: RedisCondition.Server
    let around: Surroundings

    var diagnosis: Diagnosis? {
        guard let held = server.residentBytes ?? server.usedBytes, let free = server.availableBytes else { return nil }
        let memory = ForkMemory(heldBytes: held, availableBytes: free, overcommit: server.overcommit)
        if memory.mayBeRefused, let overcommit = server.overcommit { return refusal(memory, overcommit) }
        return memory.isShort ? shortage(memory) : nil
    }

    private func refusal(_ memory: ForkMemory, _ overcommit: Int) -> Diagnosis {
        let (held, free) = (ByteSize(memory.heldBytes), ByteSize(memory.availableBytes))
        return finding(
            Bilingual("the kernel may refuse Redis the fork for a copy", "ядро может отказать Redis в fork для копирования"),
            Bilingual(
                "it holds \(held), \(free) are free, vm.overcommit_memory is \(overcommit)",
                "он занимает \(held.inRussian), свободно \(free.inRussian), vm.overcommit_memory = \(overcommit)"),
            (memory.isShort ? room : grant).or(
                onlyIf: "it is to stay so when the machine is booted again", "так должно остаться и после перезагрузки",
                "echo vm.overcommit_memory=1 | sudo tee /etc/sysctl.d/60-redis.conf"))
    }

    private var grant: Diagnosis.Remedy {
        .init(
            "Let the kernel grant it, as Redis itself advises at its start; that lasts until the machine is booted.",
            "Разрешите ядру fork, как советует сам Redis при запуске; это действует до перезагрузки машины.",
            Self.sysctl, around.redisCLI("INFO memory"))
    }

    /// A fork that is granted without it may cost Redis its life: the kernel ends who has the most.
    private var room: Diagnosis.Remedy {
        .init(
            "There is not the memory for a copy: back up from a replica, or free some first; only then let the kernel grant the fork.",
            "Памяти на копию нет: копируйте с реплики или сначала освободите память; лишь затем разрешите ядру fork.",
            Self.largest, around.redisCLI("INFO memory")
        ).or(onlyIf: "half of what Redis holds is free by now", "уже свободна половина того, что занимает Redis", Self.sysctl)
    }

    private func shortage(_ memory: ForkMemory) -> Diagnosis {
        let (held, free) = (ByteSize(memory.heldBytes), ByteSize(memory.availableBytes))
        return finding(
            Bilingual("memory may run out while Redis is copied", "при копировании Redis может не хватить памяти"),
            Bilingual("it holds \(held), \(free) are free", "он занимает \(held.inRussian), свободно \(free.inRussian)"),
            .init(
                "Back up when little is written, or from a replica; or see what else has the memory, and give the machine more.",
                "Копируйте, когда пишут мало, или с реплики; либо посмотрите, что ещё занимает память, и дайте машине больше.",
                around.redisCLI("INFO memory"), Self.largest))
    }

    private static let sysctl = "sysctl vm.overcommit_memory=1"
    private static let largest = "ps -eo rss,pid,args --sort=-rss | head"

    private func finding(_ cause: Bilingual, _ evidence: Bilingual, _ remedy: Diagnosis.Remedy) -> Diagnosis {
        Diagnosis(.redisMemory, .warning, cause, evidence: evidence, remedy: remedy, subject: .init(target: .redis))
    }
}
