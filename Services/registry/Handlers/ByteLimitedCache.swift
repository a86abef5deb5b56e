/// A cache of at most twice `limit` bytes: two generations, of which the older is dropped whole when the younger is
/// full. What was asked for since the last drop survives it.
struct ByteLimitedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let value: Value
        let bytes: Int
    }

    private let limit: Int
    private var young: [Key: Entry] = [:]
    private var old: [Key: Entry] = [:]
    private var youngBytes = 0

    init(limit: Int) { self.limit = limit }

    mutating func value(_ key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old[key] else { return nil }
        insert(entry.value, bytes: entry.bytes, for: key)
        return entry.value
    }

    /// - Parameter bytes: of key and value, roughly.
    mutating func insert(_ value: Value, bytes: Int, for key: Key) {
        if youngBytes + bytes > limit { (old, young, youngBytes) = (young, [:], 0) }
        youngBytes += bytes
        if let before = young.updateValue(Entry(value: value, bytes: bytes), forKey: key) { youngBytes -= before.bytes }
    }

    mutating func removeAll() { (old, young, youngBytes) = ([:], [:], 0) }
}
