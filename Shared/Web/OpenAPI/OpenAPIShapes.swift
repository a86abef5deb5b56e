import API
import Forms
import JSON

/// An answer's body in each of its media types.
struct OpenAPIShapes {
    private let answer: AnswerDescription

    init(_ answer: AnswerDescription) { self.answer = answer }

    static let plainType = "application/json; profile=plain"

    var content: JSONValue {
        switch answer.form {
        case .document:
            return .object([JSONMember(key: answer.mediaType, value: ["schema": ["type": "string"]])])
        case .download:
            // Of any type, and for generators that do not know that: bytes.
            let bytes: JSONValue = ["schema": ["type": "string", "format": "binary"]]
            return ["application/octet-stream": bytes, "*/*": bytes]
        case .events: return ["text/event-stream": ["schema": ["type": "string"], "x-event-data": resource]]
        case .nothing: return ["application/json": ["schema": enveloped]]
        case .bare: return ["application/json": ["schema": resource]]
        case .item, .list, .members:
            return .object([
                JSONMember(key: "application/json", value: ["schema": enveloped]),
                JSONMember(key: Self.plainType, value: ["schema": plain]),
            ])
        }
    }

    /// By its name where it has one, so that equal things are one thing to generated clients.
    private var resource: JSONValue {
        guard let name = answer.schemaName else { return answer.schema?.json ?? [:] }
        return ["$ref": .string("#/components/schemas/\(name)")]
    }

    // Generators of clients make an enumeration of texts of `const: true`, and nothing of `type: null`.
    private static let isTrue: JSONValue = ["type": "boolean", "description": "Always true."]
    private static let null: JSONValue = ["type": ["object", "null"], "description": "Always null."]
    private static let text: JSONValue = ["type": "string"]
    private static let link: JSONValue = ["type": ["string", "null"], "format": "uri"]
    private static let count: JSONValue = ["type": ["integer", "null"], "minimum": 0]

    private var enveloped: JSONValue {
        switch answer.form {
        case .members:
            let success: JSONValue = [
                "type": "object", "properties": ["success": Self.isTrue], "required": ["success"],
            ]
            return ["allOf": [success, resource]]
        case .list:
            return Self.object(
                [("success", Self.isTrue), ("message", Self.text)] + frame
                    + [("data", ["type": "array", "items": resource])])
        case .item: return Self.object([("success", Self.isTrue), ("message", Self.text), ("data", resource)])
        case .nothing, .bare, .document, .download, .events:
            return Self.object([("success", Self.isTrue), ("message", Self.text), ("data", Self.null)])
        }
    }

    private var plain: JSONValue {
        guard answer.form == .list else { return resource }
        return Self.object(frame + [("results", ["type": "array", "items": resource])])
    }

    /// Where a list's page stands, and what is missing in a list of several parts.
    private var frame: [(String, JSONValue)] {
        let places = [("count", Self.count), ("next", Self.link), ("previous", Self.link)]
        return answer.isPartial ? places + [("incomplete", ["type": "array", "items": Self.text])] : places
    }

    static func object(
        _ properties: [(String, JSONValue)], optional others: [(String, JSONValue)] = []
    ) -> JSONValue {
        [
            "type": "object", "properties": .object((properties + others).map { JSONMember(key: $0.0, value: $0.1) }),
            "required": .array(properties.map { .string($0.0) }),
        ]
    }
}
