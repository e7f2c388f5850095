/// What is being done when something fails: each needs a permission of its own ("IAM permissions for JSON methods").
enum GCSOperation: Sendable, Equatable {
    case create(String)
    case replace(String)
    /// An object with a retention of its own.
    case lock(String)
    case lift(String)
    case read(String)
    case list
    case delete(String)
    case examineBucket

    var permission: String {
        switch self {
        case .create: "storage.objects.create"
        case .replace: "storage.objects.create and storage.objects.delete"
        case .lock: "storage.objects.create and storage.objects.setRetention"
        case .lift: "storage.objects.update and storage.objects.overrideUnlockedRetention"
        case .read: "storage.objects.get"
        case .list: "storage.objects.list"
        case .delete: "storage.objects.delete"
        case .examineBucket: "storage.buckets.get"
        }
    }

    /// Of the predefined roles the narrowest that holds it.
    var role: String {
        switch self {
        case .create: "roles/storage.objectCreator"
        case .read, .list: "roles/storage.objectViewer"
        case .replace, .delete: "roles/storage.objectUser"
        case .lock, .lift: "roles/storage.admin"
        case .examineBucket: "roles/storage.bucketViewer"
        }
    }

    /// The beginning of a sentence: "cannot store a.sql.gz in gs://b".
    func attempt(in store: String) -> String {
        switch self {
        case .create(let key): "cannot store \(key) in \(store)"
        case .replace(let key): "cannot change \(key) in \(store)"
        case .lock(let key): "cannot store \(key) with a lock in \(store)"
        case .lift(let key): "cannot lift the lock of \(key) in \(store)"
        case .read(let key): "cannot read \(key) in \(store)"
        case .list: "cannot list \(store)"
        case .delete(let key): "cannot delete \(key) in \(store)"
        case .examineBucket: "cannot examine the bucket of \(store)"
        }
    }
}
