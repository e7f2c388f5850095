import Mustache

/// A view as templates ask for it, by names. It is taken apart once: done for each name, by reflection, that took half of the time of a page.
struct Fields: MustacheParent {
    private let values: [String: Any]

    init(_ view: Any) { self.init(Mirror(reflecting: view)) }

    private init(_ mirror: Mirror) {
        var values: [String: Any] = [:]
        for case (let name?, let value) in mirror.children { values[name] = Self.part(value) }
        self.values = values
    }

    func child(named name: String) -> Any? { values[name] }

    /// What templates render, or go on into; nil for an optional without a value.
    private static func part(_ value: Any) -> Any? {
        if value is String || value is [String: String] || value is Bool { return value }
        if let fields = value as? [String: Any] { return fields.compactMapValues(part) }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { part($0.value) }
        case .collection: return mirror.children.compactMap { part($0.value) }
        case .struct where !mirror.children.isEmpty: return Fields(mirror)
        default: return value
        }
    }
}
