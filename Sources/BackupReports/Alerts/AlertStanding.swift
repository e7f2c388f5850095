import Synchronization

/// What the dispatcher knows of its channels, for whoever gathers facts; it outlives dispatchers, which come and go with the settings.
package final class AlertStanding: Sendable {
    private let known = Mutex<[ChannelFacts]>([])

    package init() {}

    package var channels: [ChannelFacts] { known.withLock { $0 } }

    func take(_ channels: [ChannelFacts]) { known.withLock { $0 = channels } }
}

extension [AlertOutbox.Waiting] {
    /// - Parameter names: of every channel there is, also those that nothing waits for.
    func standing(of names: [String]) -> [ChannelFacts] {
        names.sorted().map { name in
            let own = filter { $0.channel == name }
            return ChannelFacts(
                name: name, waiting: own.count, since: own.map(\.createdAt).min(), failure: own.lazy.compactMap(\.failure).first)
        }
    }
}
