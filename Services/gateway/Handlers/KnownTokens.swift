import Glibc
import Kernel

/// Tokens that were verified, each with whom it names and until when. A token is found by a piece of its signature and
/// compared as a whole, where it lies in the request's bytes: no text is made of it. Two generations, as in a
/// `BoundedCache`; only verified tokens come in, so nobody can make many with one end.
final class KnownTokens {
    /// One token that was verified.
    final class Entry {
        let token: [UInt8]
        let caller: Caller
        let expires: Instant

        init(_ token: [UInt8], _ caller: Caller, _ expires: Instant) {
            (self.token, self.caller, self.expires) = (token, caller, expires)
        }

        /// Whether it is what stands at `place`, all of it, and still good.
        func isGood(_ place: Range<Int>, in bytes: Span<UInt8>, at now: Instant) -> Bool {
            now < expires && KnownTokens.isEqual(token, place, bytes)
        }
    }

    private let half: Int
    private var young: [UInt64: Entry] = [:]
    private var old: [UInt64: Entry] = [:]

    init(capacity: Int) { half = max(1, capacity / 2) }

    /// The token at `place`, if it is known and good.
    func entry(_ place: Range<Int>, in bytes: Span<UInt8>, at now: Instant) -> Entry? {
        let end = Self.end(place, bytes)
        guard let entry = young[end] ?? survivor(end), entry.isGood(place, in: bytes, at: now) else { return nil }
        return entry
    }

    func insert(_ place: Range<Int>, in bytes: Span<UInt8>, _ caller: Caller, until expires: Instant) {
        var token: [UInt8] = []
        token.reserveCapacity(place.count)
        for index in place { token.append(bytes[index]) }
        keep(Entry(token, caller, expires), at: Self.end(place, bytes))
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
    private static func end(_ place: Range<Int>, _ bytes: Span<UInt8>) -> UInt64 {
        guard place.count >= 12 else { return 0 }
        return bytes.word(at: place.upperBound &- 12)
    }

    fileprivate static func isEqual(_ known: [UInt8], _ place: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard known.count == place.count else { return false }
        return unsafe bytes.extracting(place).withUnsafeBytes { shown in
            unsafe known.withUnsafeBytes { known in
                guard let one = known.baseAddress, let other = shown.baseAddress else { return false }
                return unsafe memcmp(one, other, shown.count) == 0
            }
        }
    }
}

extension Span<UInt8> {
    /// Eight bytes at once; they must be there.
    fileprivate func word(at place: Int) -> UInt64 {
        precondition(place >= 0 && place &+ 8 <= count, "beyond the bytes")
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
    }
}
