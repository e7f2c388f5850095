package import BackupModel

extension S3Store: RetryingStore {
    package var trouble: BackupError? { client.retrier.trouble }
}

extension GCSStore: RetryingStore {
    package var trouble: BackupError? { client.retrier.trouble }
}
