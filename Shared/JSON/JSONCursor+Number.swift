extension JSONCursor {
    /// Longer literals may leave a double's range even without an exponent.
    private static let surelyFiniteDigits = 300
    /// Beyond it no double, and not every database's decimal, can follow.
    private static let largestExponent = 9_999

    mutating func number(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
        let start = at
        let isNegative = bytes[at] == UInt8(ascii: "-")
        if isNegative { at &+= 1 }
        let integer = try integerPart(bytes, isNegative: isNegative)
        let fractionStart = at
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at &+= 1
            try digits(bytes)
        }
        let hasExponent = try exponent(bytes, from: start)
        if at == fractionStart, let integer { return .integer(integer) }
        guard at - start <= limits.numberBytes else { throw JSONFault(.numberTooLong, at: start) }
        let number = JSONNumber(checked: text(bytes.extracting(start..<at)))
        if hasExponent || at - start > Self.surelyFiniteDigits { try checkRange(number, from: start) }
        return .number(number)
    }

    /// The integer, or nil when it is beyond 64 bits. A leading zero stands alone.
    private mutating func integerPart(_ bytes: Span<UInt8>, isNegative: Bool) throws(JSONFault) -> Int64? {
        guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
        if bytes[at] == UInt8(ascii: "0") {
            at &+= 1
            if at < bytes.count, Self.isDigit(bytes[at]) { throw JSONFault(.invalidNumber, at: at) }
            return 0
        }
        guard Self.isDigit(bytes[at]) else { throw JSONFault(.invalidNumber, at: at) }
        var value: Int64 = 0
        var hasOverflown = false
        while at < bytes.count, Self.isDigit(bytes[at]) {
            let digit = Int64(bytes[at] &- UInt8(ascii: "0"))
            let (tens, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = tens.addingReportingOverflow(isNegative ? -digit : digit)
            hasOverflown = hasOverflown || first || second
            value = sum
            at &+= 1
        }
        return hasOverflown ? nil : value
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONFault) {
        guard at < bytes.count else { throw JSONFault(.unexpectedEnd, at: at) }
        guard Self.isDigit(bytes[at]) else { throw JSONFault(.invalidNumber, at: at) }
        while at < bytes.count, Self.isDigit(bytes[at]) { at &+= 1 }
    }

    private mutating func exponent(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> Bool {
        guard at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") else { return false }
        at &+= 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at &+= 1 }
        let first = at
        try digits(bytes)
        var value = 0
        for index in first..<at {
            value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
            guard value <= Self.largestExponent else { throw JSONFault(.numberOutOfRange, at: start) }
        }
        return true
    }

    /// A literal that a double would turn into infinity, or into a zero it is not, is refused: two readers of one
    /// document would disagree about it.
    private func checkRange(_ number: JSONNumber, from start: Int) throws(JSONFault) {
        guard let value = number.double else { throw JSONFault(.numberOutOfRange, at: start) }
        guard value == 0 else { return }
        for digit in number.text.utf8 {
            if digit | 0x20 == UInt8(ascii: "e") { return }
            if digit > UInt8(ascii: "0") { throw JSONFault(.numberOutOfRange, at: start) }
        }
    }

    private func text(_ literal: Span<UInt8>) -> String {
        var text = ""
        text.reserveCapacity(literal.count)
        for index in literal.indices { text.unicodeScalars.append(Unicode.Scalar(literal[index])) }
        return text
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
