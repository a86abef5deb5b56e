package import JSON

/// A JSON Schema (draft 2020-12, as OpenAPI 3.1 takes it), built once where the field or view is declared.
package struct Schema: Sendable, Equatable {
    package var members: [JSONMember]

    package init(_ members: [JSONMember]) { self.members = members }

    package var json: JSONValue { .object(members) }

    package func adding(_ key: String, _ value: JSONValue) -> Schema {
        Schema(members.filter { $0.key != key } + [JSONMember(key: key, value: value)])
    }
    package func described(_ text: String) -> Schema { adding("description", .string(text)) }
    package func example(_ value: JSONValue) -> Schema { adding("examples", .array([value])) }

    /// The same, or null.
    package var nullable: Schema {
        guard let index = members.firstIndex(where: { $0.key == "type" }), case .string(let type) = members[index].value
        else {
            let isNullable = members.contains { $0.key == "anyOf" || $0.key == "type" && $0.value.array != nil }
            return isNullable ? self : Schema([JSONMember(key: "anyOf", value: [json, ["type": "null"]])])
        }
        var copy = self
        copy.members[index] = JSONMember(key: "type", value: .array([.string(type), .string("null")]))
        if let choices = copy.members.firstIndex(where: { $0.key == "enum" }),
            case .array(let values) = copy.members[choices].value
        {
            copy.members[choices] = JSONMember(key: "enum", value: .array(values + [.null]))
        }
        return copy
    }

    package static func type(_ name: String) -> Schema { Schema([JSONMember(key: "type", value: .string(name))]) }
    package static let boolean = type("boolean")
    package static let integer = type("integer")
    package static let number = type("number")
    package static let string = type("string")
    package static func string(format: String) -> Schema { string.adding("format", .string(format)) }
    package static func string(length: ClosedRange<Int>) -> Schema {
        let least = length.lowerBound > 0 ? string.adding("minLength", .integer(Int64(length.lowerBound))) : string
        return least.adding("maxLength", .integer(Int64(length.upperBound)))
    }
    package static func string(oneOf choices: [String]) -> Schema {
        string.adding("enum", .array(choices.map { .string($0) }))
    }
    package static func integer(_ range: ClosedRange<Int>) -> Schema {
        integer.adding("minimum", .integer(Int64(range.lowerBound)))
            .adding("maximum", .integer(Int64(range.upperBound)))
    }
    package static func number(_ range: ClosedRange<Double>) -> Schema {
        number.adding("minimum", .double(range.lowerBound)).adding("maximum", .double(range.upperBound))
    }
    package static func array(of element: Schema) -> Schema { type("array").adding("items", element.json) }

    /// An object of named properties; `isOpen` leaves unknown keys allowed (input: they are ignored).
    package static func object(_ properties: [Property], isOpen: Bool = true) -> Schema {
        var schema = type("object").adding(
            "properties", .object(properties.map { JSONMember(key: $0.name, value: $0.schema.json) }))
        let required = properties.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema = schema.adding("required", .array(required)) }
        return isOpen ? schema : schema.adding("additionalProperties", .bool(false))
    }

    /// One named part of an object, of a query or of a path.
    package struct Property: Sendable, Equatable {
        package let name: String
        package let location: Source.Location
        package let schema: Schema
        package let isRequired: Bool

        package init(_ name: String, in location: Source.Location = .body, _ schema: Schema, isRequired: Bool) {
            self.name = name
            self.location = location
            self.schema = schema
            self.isRequired = isRequired
        }
    }
}
