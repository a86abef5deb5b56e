import JSON

/// JSON for readers and for diffs: two spaces a level, a member a line, no blank at a line's end.
enum PrettyJSON {
    static func text(_ value: JSONValue, indent: String = "") -> String {
        let inner = indent + "  "
        switch value {
        case .object(let members) where !members.isEmpty:
            let lines = members.map { "\(inner)\(compact(.string($0.key))): \(text($0.value, indent: inner))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { inner + text($0, indent: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        default: return compact(value)
        }
    }

    private static func compact(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }
}
