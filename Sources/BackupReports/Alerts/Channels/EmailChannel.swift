import BackupModel

/// One message to all of its readers. Those of one alert stand in one thread.
struct EmailChannel: AlertChannel {
    let name: String
    let settings: EmailSettings
    let to: [String]
    let now: @Sendable () -> Instant

    func deliver(_ parcel: AlertParcel) async throws(DeliveryFailure) {
        guard case .alert(let message) = parcel.content else { return }
        let mail = MailMessage(
            from: settings.from, to: to, subject: message.headline, text: message.text, thread: message.alert.key,
            id: "\(parcel.id)-\(message.at.millisecondsSinceEpoch)", date: now())
        try await SMTPClient(server: settings.server).send(mail.encoded, from: settings.from, to: to)
    }
}
