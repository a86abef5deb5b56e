import Kernel

/// Tokens that were verified, each with whom it names and until when. A token is found by a piece of its signature and
/// compared as a whole, where it lies in the request's bytes: no text is made of it. Two generations, as in a
/// `BoundedCache`; only verified tokens come in, so nobody can make many with one end.
struct KnownTokens {
    private struct Entry {
        let token: [UInt8]
        let caller: Caller
        let expires: Instant
    }

    private let half: Int
    private var young: [UInt64: Entry] = [:]
    private var old: [UInt64: Entry] = [:]

    init(capacity: Int) { half = max(1, capacity / 2) }

    /// Whom the token at `place` names.
    mutating func caller(_ place: Range<Int>, in bytes: Span<UInt8>, at now: Instant) -> Caller? {
        let end = Self.end(place, bytes)
        guard let entry = young[end] ?? survivor(end), now < entry.expires,
            Self.isEqual(entry.token.span, place, bytes)
        else { return nil }
        return entry.caller
    }

    mutating func insert(_ place: Range<Int>, in bytes: Span<UInt8>, _ caller: Caller, until expires: Instant) {
        var token: [UInt8] = []
        token.reserveCapacity(place.count)
        for index in place { token.append(bytes[index]) }
        keep(Entry(token: token, caller: caller, expires: expires), at: Self.end(place, bytes))
    }

    private mutating func survivor(_ end: UInt64) -> Entry? {
        guard let entry = old.removeValue(forKey: end) else { return nil }
        keep(entry, at: end)
        return entry
    }

    private mutating func keep(_ entry: Entry, at end: UInt64) {
        if young.count >= half { (old, young) = (young, [:]) }
        young[end] = entry
    }

    /// The last eight bytes before the very last ones, whose bits the encoding does not fill: 48 bits of the signature.
    private static func end(_ place: Range<Int>, _ bytes: Span<UInt8>) -> UInt64 {
        guard place.count >= 12 else { return 0 }
        return bytes.word(at: place.upperBound &- 12)
    }

    private static func isEqual(_ token: Span<UInt8>, _ place: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard token.count == place.count else { return false }
        var offset = 0
        while offset &+ 8 <= token.count {
            if token.word(at: offset) != bytes.word(at: place.lowerBound &+ offset) { return false }
            offset &+= 8
        }
        while offset < token.count {
            if token[offset] != bytes[place.lowerBound &+ offset] { return false }
            offset &+= 1
        }
        return true
    }
}

extension Span<UInt8> {
    /// Eight bytes at once; they must be there.
    fileprivate func word(at place: Int) -> UInt64 {
        precondition(place >= 0 && place &+ 8 <= count, "beyond the bytes")
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
    }
}
