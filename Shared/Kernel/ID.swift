// Kernel: the types that every module shares – ids, times, people, problems. It does no I/O, knows no clock but
// the one it is given, and leaves reading the outside to Forms, statuses to Web and storage to Postgres.

/// A UUID (RFC 9562) that names one `Entity` and cannot be taken for another's; new ones are version 7, so they sort by
/// time.
package struct ID<Entity>: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the 36-character text form, in either case; anything else is nil.
    package init?(_ text: some StringProtocol) { self.init(characters: text.utf8) }

    /// The same for a `String`, compiled for it: across modules a generic one is called through tables, byte by byte.
    package init?(_ text: String) { self.init(characters: text.utf8) }

    /// The same from the characters where they lie.
    package init?(_ text: Span<UInt8>) {
        guard let id = unsafe text.withUnsafeBufferPointer({ unsafe ID(characters: $0) }) else { return nil }
        self = id
    }

    @inline(__always)
    private init?(characters: some Sequence<UInt8>) {
        var digits: (high: UInt64, low: UInt64) = (0, 0)
        var position = 0
        var count = 0
        for byte in characters {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let nibble = hexValue(byte), count < 32 else { return nil }
                if count < 16 {
                    digits.high = digits.high << 4 | nibble
                } else {
                    digits.low = digits.low << 4 | nibble
                }
                count += 1
            }
            position += 1
        }
        guard position == 36, count == 32 else { return nil }
        self.init(high: digits.high, low: digits.low)
    }

    /// A version 7 id (RFC 9562 §5.7): 48 bits of milliseconds, then randomness. Ids of one process made within a
    /// millisecond stay in order: the 12 bits of `rand_a` are the sub-millisecond fraction (§6.2, method 3).
    package static func make(at instant: Instant) -> ID {
        var generator = SystemRandomNumberGenerator()
        return make(at: instant, random: generator.next())
    }

    /// Not after any that is made at this moment or later, as texts are sorted too.
    package static func first(at instant: Instant) -> ID {
        ID(high: UInt64(max(0, instant.microseconds) / 1000) << 16, low: 0)
    }

    /// The same with its randomness given, for tests and for a pure domain.
    package static func make(at instant: Instant, random: UInt64) -> ID {
        let microseconds = max(0, instant.microseconds)
        let milliseconds = UInt64(microseconds / 1000) & 0xFFFF_FFFF_FFFF
        let fraction = UInt64(microseconds % 1000) * 4096 / 1000
        let high = milliseconds << 16 | 0x7000 | fraction
        let low = 0x8000_0000_0000_0000 | (random & 0x3FFF_FFFF_FFFF_FFFF)
        return ID(high: high, low: low)
    }

    /// The canonical text: 36 characters, lower case.
    package var shortText: ShortText {
        var text = ShortText()
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            let word = index < 16 ? high : low
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index % 16))) & 0xF
            text.append(nibble < 10 ? 48 + nibble : 87 + nibble)
        }
        return text
    }
    package var description: String { shortText.string }

    /// The same id read as naming another kind of entity: only where two kinds share their ids by design.
    package func retyped<Other>(as _: Other.Type = Other.self) -> ID<Other> { ID<Other>(high: high, low: low) }

    package static func < (left: ID, right: ID) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

private func hexValue(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 48...57: UInt64(byte - 48)
    case 97...102: UInt64(byte - 87)
    case 65...70: UInt64(byte - 55)
    default: nil
    }
}
