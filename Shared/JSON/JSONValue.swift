// JSON: the one way text of RFC 8259 is read and written. The reader is strict and validates everything before
// anyone looks at a value; the writer puts bytes straight into a buffer; MergePatch is RFC 7396. What a document means,
// which members it must have and what a refusal is called are left to Forms and Web. No Foundation, no Codable.

/// A JSON document, or a part of one, as it was written: members keep their order, numbers their digits.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// An integer literal that fits 64 bits; `-0` is 0.
    case integer(Int64)
    /// Any other number: a fraction, an exponent, or an integer beyond 64 bits.
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One `"key": value` of an object.
package struct JSONMember: Sendable, Equatable {
    package let key: String
    package var value: JSONValue

    package init(key: String, value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue {
    /// The member of that name, or nil when there is none or this is not an object. An explicit `null` is `.null`.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.key == key { return member.value }
        return nil
    }

    package var isNull: Bool { self == .null }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var bool: Bool? {
        guard case .bool(let truth) = self else { return nil }
        return truth
    }

    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    /// A number; null for what JSON cannot say: infinities and NaN.
    package static func double(_ value: Double) -> JSONValue { JSONNumber(value).map { .number($0) } ?? .null }

    /// The nearest double of an integer or a number.
    package var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number.double
        default: nil
        }
    }

    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var object: [JSONMember]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The document as compact bytes.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int64) { self = .integer(number) }
    package init(booleanLiteral truth: Bool) { self = .bool(truth) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }

    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(members.map { JSONMember(key: $0, value: $1) })
    }
}
