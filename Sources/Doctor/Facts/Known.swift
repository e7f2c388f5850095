/// What came of a look at one thing.
package enum Known<Value: Sendable>: Sendable {
    case known(Value)
    case troubled(Trouble)

    package var value: Value? {
        if case .known(let value) = self { value } else { nil }
    }

    package var trouble: Trouble? {
        if case .troubled(let trouble) = self { trouble } else { nil }
    }
}

extension Known: Equatable where Value: Equatable {}
