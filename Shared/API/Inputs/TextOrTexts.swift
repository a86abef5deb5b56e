import Forms
import JSON
import Kernel

extension Field where Value == String {
    /// A text, or a list of texts, which is the same with a line for each.
    static func textOrTexts(_ name: String, _ length: ClosedRange<Int>) -> Field<String> {
        let text = Field<String>.text(name, length, multiline: true)
        let texts = Field<[String]>.texts(name, 1...500, atMost: 50)
        let schema = Schema([
            JSONMember(
                key: "anyOf", value: .array((text.properties + texts.properties).map(\.schema.json)))
        ])
        return Field(name, schema) { value, refuse in
            guard case .array = value else { return text.read(body(name, value), refuse.faults) }
            guard let lines = texts.read(body(name, value), refuse.faults) else { return nil }
            return text.read(body(name, .string(lines.joined(separator: "\n"))), refuse.faults)
        }
    }

    private static func body(_ name: String, _ value: JSONValue) -> Source {
        Source(body: .object([JSONMember(key: name, value: value)]))
    }
}
