import JSON

/// Judges a value by the part of JSON Schema our documents use: type, required, enum, lengths, bounds, items,
/// properties.
enum SchemaCheck {
    /// All that is wrong, each with its JSON path; empty when nothing is.
    static func faults(of value: JSONValue, by schema: JSONValue, at path: String = "$") -> [String] {
        if let choices = schema["anyOf"]?.array {
            return choices.contains { faults(of: value, by: $0, at: path).isEmpty }
                ? [] : ["\(path) fits none of anyOf"]
        }
        var found: [String] = []
        if let types = types(schema), !types.contains(where: { isOf($0, value) }) {
            return ["\(path) is no \(types.joined(separator: " or "))"]
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) { found.append("\(path) is none of enum") }
        if let text = value.string { found += lengths(text.unicodeScalars.count, schema, "Length", path) }
        if let elements = value.array {
            found += lengths(elements.count, schema, "Items", path)
            if let items = schema["items"] {
                for (index, element) in elements.enumerated() {
                    found += faults(of: element, by: items, at: "\(path)[\(index)]")
                }
            }
        }
        if let number = value.double {
            if let least = schema["minimum"]?.double, number < least { found.append("\(path) is below \(least)") }
            if let most = schema["maximum"]?.double, number > most { found.append("\(path) is above \(most)") }
        }
        if case .object = value { found += members(value, schema, path) }
        return found
    }

    private static func types(_ schema: JSONValue) -> [String]? {
        schema["type"].map { $0.string.map { [$0] } ?? ($0.array ?? []).compactMap(\.string) }
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }

    private static func lengths(_ count: Int, _ schema: JSONValue, _ what: String, _ path: String) -> [String] {
        var found: [String] = []
        if let least = schema["min\(what)"]?.integer, count < least {
            found.append("\(path) is shorter than \(least)")
        }
        if let most = schema["max\(what)"]?.integer, count > most { found.append("\(path) is longer than \(most)") }
        return found
    }

    private static func members(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        var found = (schema["required"]?.array ?? []).compactMap(\.string)
            .filter { value[$0] == nil }.map { "\(path).\($0) is missing" }
        for property in schema["properties"]?.object ?? [] {
            guard let member = value[property.key] else { continue }
            found += faults(of: member, by: property.value, at: "\(path).\(property.key)")
        }
        return found
    }
}
