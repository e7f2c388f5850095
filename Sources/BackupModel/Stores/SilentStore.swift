extension BackupError {
    /// A store that is asked something and says nothing. A folder can be looked at with what every system has, a bucket with what speaks to it as the
    /// settings say.
    package static func silent(_ store: String) -> BackupError {
        let look = store.contains("://") ? "" : "`timeout 10 ls \(Shell.quoted(store))`, or "
        return BackupError(
            .stalled, "\(store) does not answer", hint: "See whether it hangs: \(look)`\(StoreCheck.command(store))`.")
    }
}
