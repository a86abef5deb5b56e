// HTTP: version 1.1 of the protocol, as server and as client, over Net's streams. The machines in `Machines` read
// messages and know no sockets; everything here moves what they read. Routes, envelopes and people are Web's business.

internal import Kernel

/// Header fields to be sent, in their order, kept as the bytes that will leave: adding is appending, sending is
/// copying.
///
/// Nothing that could break a message gets in: names are tokens, values hold no control characters, and the fields that
/// frame a message or speak of the connection (`Content-Length`, `Transfer-Encoding`, `Connection`, …) are the
/// connection's own to write.
package struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// `name: value` lines, each with its CRLF; before them what stood there already.
    private(set) var block: [UInt8] = []
    /// Where the lines begin.
    private let start: Int

    package init() { start = 0 }

    package init(reserving bytes: Int) {
        start = 0
        block.reserveCapacity(bytes)
    }

    package init(dictionaryLiteral fields: (String, String)...) {
        self.init(reserving: 256)
        for (name, value) in fields { add(name, value) }
    }

    /// Fields that are written where they leave, behind the bytes of a message that are there: see `[UInt8].addFields`.
    fileprivate init(behind bytes: consuming [UInt8]) {
        start = bytes.count
        block = bytes
    }

    package var isEmpty: Bool { block.count == start }

    /// Adds a field beside those of the same name; false when it may not be sent, and is not.
    @discardableResult
    package mutating func add(_ name: String, _ value: String) -> Bool {
        // Appended first and looked at there: bytes in an array are read several times faster than those of a string.
        let start = block.count
        block.append(contentsOf: name.utf8)
        let colon = block.count
        block.append(0x3A)
        block.append(0x20)
        block.append(contentsOf: value.utf8)
        guard Self.isSendable(block.span, start..<colon, colon + 2..<block.count) else {
            block.removeSubrange(start...)
            return false
        }
        block.append(0x0D)
        block.append(0x0A)
        return true
    }

    /// Adds a number; the name is one of ours.
    package mutating func add(_ name: StaticString, number: Int) {
        add(name) { $0.append(decimal: number) }
    }

    /// Adds a field whose name is one of ours and whose value `write` appends; false when that may not be sent, and is
    /// not.
    @discardableResult
    package mutating func add(_ name: StaticString, writing write: (inout [UInt8]) -> Void) -> Bool {
        let start = block.count
        block.append(name)
        block.append(": ")
        let value = block.count
        write(&block)
        guard Self.isSendable(block.span, value..<block.count) else {
            block.removeSubrange(start...)
            return false
        }
        block.append("\r\n")
        return true
    }

    /// Adds whole lines, each with its CRLF, of our own words and numbers alone: nothing is looked at, so nothing that
    /// came from elsewhere may be among them.
    package mutating func addLines(_ write: (inout [UInt8]) -> Void) { write(&block) }

    private static func isSendable(_ bytes: Span<UInt8>, _ name: Range<Int>, _ value: Range<Int>) -> Bool {
        !name.isEmpty && FieldSyntax.all(bytes, in: name, FieldSyntax.name) && !ConnectionFields.holds(bytes, name)
            && isSendable(bytes, value)
    }

    private static func isSendable(_ bytes: Span<UInt8>, _ value: Range<Int>) -> Bool {
        var offset = LineScanner.firstControl(bytes, from: value.lowerBound, to: value.upperBound)
        while offset < value.upperBound, bytes[offset] == 0x09 {
            offset = LineScanner.firstControl(bytes, from: offset &+ 1, to: value.upperBound)
        }
        guard offset == value.upperBound else { return false }
        guard let first = value.first, let last = value.last else { return true }
        return !FieldSyntax.isBlank(bytes[first]) && !FieldSyntax.isBlank(bytes[last])
    }

    /// Replaces all fields of the same name; false when it may not be sent, and nothing is changed.
    @discardableResult
    package mutating func set(_ name: String, _ value: String) -> Bool {
        var other = Headers()
        guard other.add(name, value) else { return false }
        remove(name)
        append(other)
        return true
    }

    package mutating func remove(_ name: String) {
        guard !isEmpty else { return }
        var kept = Array(block[..<start])
        kept.reserveCapacity(block.count)
        var found = false
        forEachLine { line, colon in
            if Self.isName(block[line.lowerBound..<colon], name) {
                found = true
            } else {
                kept.append(contentsOf: block[line])
            }
        }
        if found { block = kept }
    }

    package mutating func append(_ other: Headers) {
        block.append(all: other.block)
    }

    /// Whether there is a field of that name, without making a `String` of any.
    package func contains(_ name: String) -> Bool {
        let (bytes, count) = (block.span, name.utf8.count)
        var start = start
        while start < bytes.count {
            let colon = start &+ count
            if colon < bytes.count, bytes[colon] == 0x3A, Self.isName(bytes, start, name) { return true }
            guard let end = LineScanner.lineEnd(bytes, from: start) else { return false }
            start = end &+ 1
        }
        return false
    }

    private static func isName(_ bytes: Span<UInt8>, _ start: Int, _ name: String) -> Bool {
        var offset = start
        for byte in name.utf8 {
            if FieldSyntax.lowercased(bytes[offset]) != FieldSyntax.lowercased(byte) { return false }
            offset &+= 1
        }
        return true
    }

    /// The first value of that name.
    package subscript(_ name: String) -> String? { values(name).first }

    package func values(_ name: String) -> [String] {
        fields.filter { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name.lowercased() }.map(
            \.value)
    }

    package var fields: [(name: String, value: String)] {
        var all: [(String, String)] = []
        forEachLine { line, colon in
            all.append(
                (
                    String(decoding: block[line.lowerBound..<colon], as: UTF8.self),
                    String(decoding: block[(colon + 2)..<(line.upperBound - 2)], as: UTF8.self)
                ))
        }
        return all
    }

    /// Adds a received field byte for byte. It was read strictly, so it may be sent; whether it should be is the
    /// caller's to know.
    mutating func addReceived(_ field: HeaderField, in bytes: Span<UInt8>) {
        block.append(bytes, field.name.range)
        block.append(": ")
        block.append(bytes, field.value.range)
        block.append("\r\n")
    }

    private static func isName(_ bytes: ArraySlice<UInt8>, _ name: String) -> Bool {
        bytes.count == name.utf8.count
            && zip(bytes, name.utf8).allSatisfy { FieldSyntax.lowercased($0) == FieldSyntax.lowercased($1) }
    }

    private func forEachLine(_ body: (Range<Int>, Int) -> Void) {
        var start = start
        while start < block.count {
            guard let colon = block[start...].firstIndex(of: 0x3A),
                let end = block[colon...].firstIndex(of: 0x0A)
            else { return }
            body(start..<(end + 1), colon)
            start = end + 1
        }
    }
}

extension [UInt8] {
    /// Lets `write` add fields behind these bytes, where they lie.
    mutating func addFields(_ write: (inout Headers) -> Void) {
        var bytes: [UInt8] = []
        swap(&bytes, &self)
        var headers = Headers(behind: bytes)
        write(&headers)
        self = headers.block
    }
}
