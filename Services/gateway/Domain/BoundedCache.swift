/// A map that never holds more than its capacity: two generations, the older one dropped whole when the younger is
/// full. What was used since the last drop survives it, which is as much of "least recently used" as a cache needs.
package struct BoundedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let half: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    package init(capacity: Int) { half = max(1, capacity / 2) }

    package var count: Int { young.count + old.count }

    package mutating func value(_ key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    /// Lets `body` change the key's value where it lies; there is a `made` one if there was none.
    package mutating func update<Result>(
        _ key: Key, else made: @autoclosure () -> Value, _ body: (inout Value) -> Result
    ) -> Result {
        if let index = young.index(forKey: key) { return body(&young.values[index]) }
        var value = old.removeValue(forKey: key) ?? made()
        let result = body(&value)
        insert(value, for: key)
        return result
    }

    package mutating func insert(_ value: Value, for key: Key) {
        if young.count >= half, young[key] == nil {
            old = young
            young = [:]
        }
        old.removeValue(forKey: key)
        young[key] = value
    }

    package mutating func remove(_ key: Key) {
        young.removeValue(forKey: key)
        old.removeValue(forKey: key)
    }

    package mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
