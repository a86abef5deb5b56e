import Kernel

/// A W3C `traceparent` (Trace Context level 1, version 00): which trace, which span of it, whether it is sampled.
package struct TraceContext: Sendable, Hashable {
    /// 128 bits, never all zero.
    package let traceHigh: UInt64
    package let traceLow: UInt64
    /// 64 bits, never zero.
    package let span: UInt64
    package let isSampled: Bool

    private init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.isSampled = isSampled
    }

    /// Reads a header strictly: version 00 is exactly 55 lower-case characters; a later version may be longer after a
    /// dash; `ff` and all-zero ids are refused. A caller of whom this fails starts a trace of its own.
    package init?(_ header: String) {
        let bytes = Array(header.utf8)
        guard bytes.count >= 55, bytes[2] == 0x2D, bytes[35] == 0x2D, bytes[52] == 0x2D,
            let version = Hexadecimal.read(bytes[0..<2]), version != 0xFF,
            version == 0 ? bytes.count == 55 : bytes.count == 55 || bytes[55] == 0x2D,
            let high = Hexadecimal.read(bytes[3..<19]), let low = Hexadecimal.read(bytes[19..<35]),
            high != 0 || low != 0,
            let span = Hexadecimal.read(bytes[36..<52]), span != 0,
            let flags = Hexadecimal.read(bytes[53..<55])
        else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span, isSampled: flags & 1 == 1)
    }

    /// A new trace. Its ids need no secrecy, only to differ.
    package static func make(isSampled: Bool = false) -> TraceContext {
        TraceContext(
            traceHigh: DistinctNumber.make(), traceLow: max(DistinctNumber.make(), 1),
            span: max(DistinctNumber.make(), 1), isSampled: isSampled)
    }

    /// The same trace, one span further: for an outgoing call.
    package func child() -> TraceContext {
        TraceContext(
            traceHigh: traceHigh, traceLow: traceLow, span: max(DistinctNumber.make(), 1), isSampled: isSampled)
    }

    /// 32 lower-case hexadecimal digits.
    package var traceID: String { Hexadecimal.text(traceHigh) + Hexadecimal.text(traceLow) }
    /// 16 lower-case hexadecimal digits.
    package var spanID: String { Hexadecimal.text(span) }
    /// The header's value.
    package var header: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `00-<trace>-<span>-<flags>`, where it is written.
    package func append(to bytes: inout [UInt8]) {
        bytes.append("00-")
        bytes.append(hexadecimal: traceHigh)
        bytes.append(hexadecimal: traceLow)
        bytes.append("-")
        bytes.append(hexadecimal: span)
        bytes.append(isSampled ? "-01" : "-00")
    }
}

/// Lower-case hexadecimal of at most 64 bits.
enum Hexadecimal {
    static func read(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt64(digit - 0x30)
            case 0x61...0x66: value = value << 4 | UInt64(digit - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }

    static func text(_ value: UInt64) -> String {
        unsafe String(unsafeUninitializedCapacity: 16) { room in
            for index in 0..<16 { unsafe room[index] = digit(value, index) }
            return 16
        }
    }

    private static func digit(_ value: UInt64, _ index: Int) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 &- 4 &* index)) & 0xF
        return nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
    }
}
