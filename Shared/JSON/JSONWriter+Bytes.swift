// The writer's hot path: whole runs are copied at once, and only bytes that RFC 8259 §7 wants escaped are looked at
// twice.
extension JSONWriter {
    mutating func append(_ word: StaticString) {
        word.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(quoting text: StaticString) {
        text.withUTF8Buffer { unsafe append(quoting: $0) }
    }

    mutating func append(quoting text: String) {
        let hasWritten: Void? = unsafe text.utf8.withContiguousStorageIfAvailable {
            unsafe append(quoting: $0)
        }
        if hasWritten == nil {
            unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe append(quoting: $0) }
        }
    }

    /// A part of what is JSON already.
    mutating func append(_ part: Range<Int>, of all: [UInt8]) {
        unsafe all.withUnsafeBufferPointer {
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: $0[part]))
        }
    }

    private mutating func append(quoting text: UnsafeBufferPointer<UInt8>) {
        var index = unsafe Self.plainRun(text, from: 0)
        if index == text.count { return unsafe append(quotingPlain: text) }
        bytes.append(UInt8(ascii: "\""))
        var runStart = 0
        while index < text.count {
            unsafe bytes.append(contentsOf: text[runStart..<index])
            unsafe append(escaping: text[index])
            runStart = index + 1
            index = unsafe Self.plainRun(text, from: runStart)
        }
        unsafe bytes.append(contentsOf: text[runStart...])
        bytes.append(UInt8(ascii: "\""))
    }

    /// Quotes and text in one step.
    mutating func append(quotingPlain text: UnsafeBufferPointer<UInt8>) {
        let length = text.count + 2
        bytes.append(addingCapacity: length) { room in
            unsafe room.withUnsafeMutableBufferPointer { room, written in
                unsafe room[0] = UInt8(ascii: "\"")
                _ = unsafe room[1...].update(fromContentsOf: text)
                unsafe room[length - 1] = UInt8(ascii: "\"")
                written = length
            }
        }
    }

    /// Where the next byte stands that must be escaped; eight bytes at a time while there is none.
    private static func plainRun(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(text)
        var index = start
        while index &+ 8 <= text.count {
            let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            guard JSONBytes.allPlain(word) else { break }
            index &+= 8
        }
        while index < text.count, unsafe JSONBytes.isPlain(text[index]) { index &+= 1 }
        return index
    }

    private mutating func append(escaping byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            append("u00")
            bytes.append(UInt8(ascii: "0") + byte >> 4)
            bytes.append(Self.hexDigit(byte & 0xF))
        }
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }

    mutating func append(decimal number: some FixedWidthInteger) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = UInt64(truncatingIfNeeded: number.magnitude)
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = 20
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        } while rest > 0
        for index in first..<20 { bytes.append(digits[index]) }
    }
}
