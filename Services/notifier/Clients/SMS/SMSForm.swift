package import JSON
import NotifierDomain

/// What is posted to a provider: JSON, or a form as browsers send it, with `{{to}}`, `{{text}}`, `{{id}}` and
/// `{{sender}}` in its values. A value is put in after the form was taken apart, so nothing in it can end a string or
/// begin a field.
package enum SMSForm: Sendable, Equatable {
    case json(JSONValue)
    case fields([Field])

    /// A field of the provider's form, with the template of its value.
    package struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    package static let `default` = SMSForm.json(["to": "{{to}}", "text": "{{text}}", "id": "{{id}}"])
    package static let defaultWithSender = SMSForm.json(
        ["to": "{{to}}", "text": "{{text}}", "id": "{{id}}", "from": "{{sender}}"])

    /// Nil for what is neither, for a `{{word}}` nobody knows, and for a form that leaves out whom to tell or what.
    package init?(_ text: String) {
        if text.hasPrefix("{") || text.hasPrefix("[") {
            guard let json = try? JSONReader.read(Array(text.utf8)) else { return nil }
            self = .json(json)
        } else {
            let pairs = text.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
            guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 }) else { return nil }
            self = .fields(pairs.map { Field(name: String($0[0]), value: String($0[1])) })
        }
        guard isWhole else { return nil }
    }

    package var mentionsSender: Bool { mentions("sender") }

    private var isWhole: Bool {
        (try? filled(["to": "", "text": "", "id": "", "sender": ""])) != nil && mentions("to") && mentions("text")
    }

    /// Whether leaving the value out would be noticed.
    private func mentions(_ name: String) -> Bool {
        var values = ["to": "", "text": "", "id": "", "sender": ""]
        values[name] = nil
        return (try? filled(values)) == nil
    }

    /// The bytes to post, and what they are.
    package func filled(_ values: [String: String]) throws -> (type: String, bytes: [UInt8]) {
        switch self {
        case .json(let json): return ("application/json", try Self.fill(json, values).bytes)
        case .fields(let fields):
            let pairs = try fields.map { field in
                let value = try Template(field.value, as: .text).filled(values)
                return "\(Self.escaped(field.name))=\(Self.escaped(value))"
            }
            return ("application/x-www-form-urlencoded", Array(pairs.joined(separator: "&").utf8))
        }
    }

    private static func fill(_ json: JSONValue, _ values: [String: String]) throws -> JSONValue {
        switch json {
        case .string(let text): .string(try Template(text, as: .text).filled(values))
        case .array(let items): .array(try items.map { try fill($0, values) })
        case .object(let members):
            .object(try members.map { JSONMember(key: $0.key, value: try fill($0.value, values)) })
        case .null, .bool, .integer, .number: json
        }
    }

    /// Percent-coded but for the characters that mean nothing anywhere (RFC 3986 §2.3).
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, 45, 46, 95, 126: bytes.append(byte)
            default: bytes += [37, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
