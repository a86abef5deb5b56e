import Forms
package import JSON
import Kernel

extension Field {
    /// As `optional`, and a blank text is nothing too: what a web form sends for an empty box.
    static func unlessBlank<Wrapped>(_ field: Field<Wrapped>) -> Field<Wrapped?> where Value == Wrapped? {
        let optional = Field<Wrapped?>.optional(field)
        return Field<Wrapped?>(properties: optional.properties, presence: optional.presence) { source, faults in
            if let property = field.properties.first,
                case .string(let text)? = source.value(property.name, in: property.location),
                CleanText.trimmed(text).isEmpty
            {
                return .some(nil)
            }
            return optional.read(source, faults)
        }
    }
}

extension JSONValue {
    /// A text, or null.
    package static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
