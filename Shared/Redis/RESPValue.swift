internal import Kernel

/// What Redis answers (RESP2).
package enum RESPValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case status(String)
    case bulk([UInt8])
    case array([RESPValue])
    /// Only inside arrays: a refusal as the whole answer is thrown.
    case refusal(code: String, message: String)

    package var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .bulk(let bytes): Int64(String(decoding: bytes, as: UTF8.self))
        default: nil
        }
    }

    package var text: String? {
        switch self {
        case .bulk(let bytes): String(decoding: bytes, as: UTF8.self)
        case .status(let text): text
        default: nil
        }
    }

    package var bytes: [UInt8]? {
        if case .bulk(let bytes) = self { bytes } else { nil }
    }

    package var array: [RESPValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var isNull: Bool { self == .null }

    /// The answer as a map: `[name, value, name, value, …]`.
    package var members: [String: RESPValue]? {
        guard let array, array.count.isMultiple(of: 2) else { return nil }
        var members: [String: RESPValue] = [:]
        for index in stride(from: 0, to: array.count, by: 2) {
            guard let name = array[index].text else { return nil }
            members[name] = array[index + 1]
        }
        return members
    }
}

/// One word of a command: text, a number or bytes. Nothing needs escaping, each goes with its length.
package struct RESPArgument: Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }
    package init(_ text: some StringProtocol) { bytes = Array(text.utf8) }
    package init(_ number: some FixedWidthInteger) { bytes = Array(String(number).utf8) }
    package init(stringLiteral text: String) { self.init(text) }
    package init(integerLiteral number: Int64) { self.init(number) }
}

/// A command in its wire form.
enum RESPWriter {
    static func append(_ words: [RESPArgument], to output: inout [UInt8]) {
        append(head: words.count, to: &output)
        for word in words { append(word.bytes, to: &output) }
    }

    /// How many words follow.
    static func append(head count: Int, to output: inout [UInt8]) { append("*", count, to: &output) }

    /// One word.
    static func append(_ word: [UInt8], to output: inout [UInt8]) {
        append("$", word.count, to: &output)
        output.append(all: word)
        output.append("\r\n")
    }

    /// A number below ten thousand as a word.
    static func append(number: Int, to output: inout [UInt8]) {
        append("$", number < 10 ? 1 : number < 100 ? 2 : number < 1_000 ? 3 : 4, to: &output)
        output.append(decimal: number)
        output.append("\r\n")
    }

    private static func append(_ kind: Unicode.Scalar, _ number: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: kind))
        output.append(decimal: number)
        output.append("\r\n")
    }
}
