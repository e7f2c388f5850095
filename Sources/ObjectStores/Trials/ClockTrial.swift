import BackupModel

/// How far a server's clock is from ours: signatures and tokens are only good near its time.
enum ClockTrial {
    static func of(_ lead: Duration?) -> Trial {
        guard let lead else { return Trial("clock", "the server does not say what time it has") }
        let distance = lead < .zero ? .zero - lead : lead
        // A header is to the second, and the answer took a while.
        guard distance > .seconds(60) else { return Trial("clock", "it agrees with the server's") }
        return Trial(
            "clock", "ours is \(distance.briefly) \(lead < .zero ? "ahead of" : "behind") the server's",
            .lacking(hint: "Set this host's clock (`timedatectl`); beyond a quarter of an hour servers refuse every request."))
    }
}
