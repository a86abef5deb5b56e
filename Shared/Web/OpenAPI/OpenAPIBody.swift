import API
import Forms
import JSON

/// The body that an endpoint reads: a named schema, to which each of its media types refers, so that generated clients
/// have one type for it.
struct OpenAPIBody {
    private let declaration: Declaration
    private let properties: [Schema.Property]

    /// Nil for an endpoint that reads no body.
    init?(_ declaration: Declaration) {
        guard declaration.input.readsBody else { return nil }
        self.declaration = declaration
        properties = declaration.input.properties.filter { $0.location == .body }
    }

    private var name: String { "\(declaration.name.prefix(1).uppercased())\(declaration.name.dropFirst())Body" }

    var component: JSONMember { JSONMember(key: name, value: Schema.object(properties).json) }

    var json: JSONValue {
        var media = [JSONMember(key: "schema", value: ["$ref": .string("#/components/schemas/\(name)")])]
        if let example = declaration.input.example { media.append(JSONMember(key: "example", value: example)) }
        if isMultipart { media.append(JSONMember(key: "encoding", value: encoding)) }
        let content = types.map { JSONMember(key: $0, value: .object(media)) }
        return ["required": .bool(isRequired), "content": .object(content)]
    }

    private var isMultipart: Bool { declaration.input.bodyForm == .multipart }

    private var types: [String] {
        if isMultipart { return ["multipart/form-data"] }
        return ["application/json"] + (declaration.verb == .patch ? ["application/merge-patch+json"] : [])
    }

    /// A change without a body changes nothing: generated clients ask for one.
    private var isRequired: Bool { declaration.verb == .patch || properties.contains(where: \.isRequired) }

    /// The media type of each part of a form: files are any bytes, fields are text.
    private var encoding: JSONValue {
        .object(
            properties.map { property in
                let isFile = property.schema.json["format"]?.string == "binary"
                let type: JSONValue = .string(isFile ? "application/octet-stream" : "text/plain")
                return JSONMember(key: property.name, value: ["contentType": type])
            })
    }
}
