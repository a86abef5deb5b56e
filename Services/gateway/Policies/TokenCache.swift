import Glibc
import Kernel

/// Tokens that were verified, each with whom it names and until when. A token is found by a piece of its signature and
/// compared as a whole, where it lies in the request's bytes: no text is made of it. Two generations, as in a
/// `BoundedCache`; only verified tokens come in, so nobody can make many with one end.
final class TokenCache {
    /// One token that was verified.
    final class Entry {
        let token: [UInt8]
        let caller: Caller
        let expires: Instant

        init(_ token: [UInt8], _ caller: Caller, _ expires: Instant) {
            self.token = token
            self.caller = caller
            self.expires = expires
        }

        /// Whether it is what stands at `range`, all of it, and still good.
        func isGood(_ range: Range<Int>, in bytes: Span<UInt8>, at now: Instant) -> Bool {
            now < expires && TokenCache.isEqual(token, range, bytes)
        }
    }

    private let half: Int
    private var young: [UInt64: Entry] = [:]
    private var old: [UInt64: Entry] = [:]

    init(capacity: Int) { half = max(1, capacity / 2) }

    /// The token at `range`, if it is known and good.
    func entry(_ range: Range<Int>, in bytes: Span<UInt8>, at now: Instant) -> Entry? {
        let end = Self.end(range, bytes)
        guard let entry = young[end] ?? survivor(end), entry.isGood(range, in: bytes, at: now) else { return nil }
        return entry
    }

    func insert(_ range: Range<Int>, in bytes: Span<UInt8>, _ caller: Caller, until expires: Instant) {
        var token: [UInt8] = []
        token.reserveCapacity(range.count)
        for index in range { token.append(bytes[index]) }
        keep(Entry(token, caller, expires), at: Self.end(range, bytes))
    }

    private func survivor(_ end: UInt64) -> Entry? {
        guard let entry = old.removeValue(forKey: end) else { return nil }
        keep(entry, at: end)
        return entry
    }

    private func keep(_ entry: Entry, at end: UInt64) {
        if young.count >= half { (old, young) = (young, [:]) }
        young[end] = entry
    }

    /// The last eight bytes before the very last ones, whose bits the encoding does not fill: 48 bits of the signature.
    private static func end(_ range: Range<Int>, _ bytes: Span<UInt8>) -> UInt64 {
        guard range.count >= 12 else { return 0 }
        return bytes.word(at: range.upperBound &- 12)
    }

    fileprivate static func isEqual(_ known: [UInt8], _ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard known.count == range.count else { return false }
        return unsafe bytes.extracting(range).withUnsafeBytes { shown in
            unsafe known.withUnsafeBytes { known in
                guard let one = known.baseAddress, let other = shown.baseAddress else { return false }
                return unsafe memcmp(one, other, shown.count) == 0
            }
        }
    }
}

extension Span<UInt8> {
    /// Eight bytes at once; they must be there.
    fileprivate func word(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset &+ 8 <= count, "beyond the bytes")
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
