import BackupModel

/// Who may do what.
struct Admission: Sendable {
    let settings: BackupHTTPSettings
    /// Changes of any kind, and tokens that were wrong; by address and minute.
    private let changes = AddressLimit(20)
    private let failures = AddressLimit(10)
    private let readings: AddressLimit

    /// - Parameter readings: by address and minute.
    init(_ settings: BackupHTTPSettings, readings: Int) {
        self.settings = settings
        self.readings = AddressLimit(readings)
    }

    /// What a request asks for.
    enum Purpose: Sendable, Equatable {
        /// What says nothing about the data: liveness and readiness.
        case open
        case reading
        case change
    }

    /// Every answer takes the machine's time, whoever it is for.
    func admitVisit(from address: String, at now: Instant) throws {
        try requirePatience(readings, address, now)
        readings.count(address, at: now)
    }

    /// - Throws: a `Problem` for whoever may not.
    func admitReading(_ credentials: Credentials, from address: String, at now: Instant) throws {
        guard let readToken = settings.readToken else { return }
        try requirePatience(failures, address, now)
        guard let given = credentials.bearer ?? credentials.basic else { throw Problem.tokenMissing(reading: true) }
        guard readToken.equals(given) || settings.token?.equals(given) == true else { throw refused(address, now, reading: true) }
    }

    /// - Parameter given: from the header or the form.
    func admitChange(_ given: String?, from address: String, at now: Instant) throws {
        guard let token = settings.token else { throw try refusal(.changesOff, to: address, at: now) }
        try requirePatience(failures, address, now)
        guard let given else { throw try refusal(.tokenMissing(reading: false), to: address, at: now) }
        guard token.equals(given) else { throw refused(address, now, reading: false) }
        try requirePatience(changes, address, now)
        changes.count(address, at: now)
    }

    /// What is refused before a token was shown is a question as any other: it takes the machine's time, too.
    /// - Throws: where the address has asked too much already.
    func refusal(_ problem: Problem, to address: String, at now: Instant) throws -> Problem {
        try admitVisit(from: address, at: now)
        return problem
    }

    private func refused(_ address: String, _ now: Instant, reading: Bool) -> Problem {
        failures.count(address, at: now)
        return .tokenWrong(reading: reading)
    }

    private func requirePatience(_ limit: AddressLimit, _ address: String, _ now: Instant) throws {
        if let wait = limit.wait(of: address, at: now) { throw Problem.tooMany(wait) }
    }
}
