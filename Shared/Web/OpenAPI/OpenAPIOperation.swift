import API
import Forms
import JSON
import Kernel

/// One endpoint as OpenAPI describes it.
struct OpenAPIOperation {
    private let declaration: Declaration

    init(_ declaration: Declaration) { self.declaration = declaration }

    var json: JSONValue {
        var members: [JSONMember] = [
            JSONMember(key: "operationId", value: .string(declaration.name)),
            JSONMember(key: "tags", value: [.string(declaration.tag)]),
            JSONMember(key: "summary", value: .string(declaration.summary)),
        ]
        if !description.isEmpty { members.append(JSONMember(key: "description", value: .string(description))) }
        let parameters = parameters
        if !parameters.isEmpty { members.append(JSONMember(key: "parameters", value: .array(parameters))) }
        if let body = requestBody { members.append(JSONMember(key: "requestBody", value: body)) }
        members.append(JSONMember(key: "responses", value: .object(responses)))
        // An empty requirement: also for those who are not signed in.
        let security: JSONValue = declaration.access == .anyone ? [[:]] : [["bearerAuth": []]]
        members.append(JSONMember(key: "security", value: security))
        return .object(members)
    }

    private var description: String {
        guard case .roles(let roles) = declaration.access else { return "" }
        return "For " + roles.map(\.rawValue).sorted().joined(separator: ", ") + "."
    }

    // MARK: What it takes

    private var parameters: [JSONValue] {
        var all = declaration.input.properties.filter { $0.location != .body }.map { property -> JSONValue in
            [
                "name": .string(property.name), "in": property.location == .path ? "path" : "query",
                "required": .bool(property.location == .path || property.isRequired), "schema": property.schema.json,
            ]
        }
        if declaration.verb == .post { all.append(["$ref": "#/components/parameters/IdempotencyKey"]) }
        if isVersioned, declaration.verb == .get { all.append(["$ref": "#/components/parameters/IfNoneMatch"]) }
        if changesVersion { all.append(["$ref": "#/components/parameters/IfMatch"]) }
        return all
    }

    private var isVersioned: Bool { declaration.answer.form == .item }
    private var changesVersion: Bool {
        [.put, .patch, .delete].contains(declaration.verb) && declaration.refuses.contains(.preconditionFailed)
    }
    private var readsBody: Bool { declaration.input.readsBody || declaration.verb == .patch }

    private var requestBody: JSONValue? {
        guard readsBody else { return nil }
        let body = declaration.input.properties.filter { $0.location == .body }
        var media: [JSONMember] = [JSONMember(key: "schema", value: Schema.object(body).json)]
        if let example = declaration.input.example { media.append(JSONMember(key: "example", value: example)) }
        var content: [JSONMember] = [JSONMember(key: "application/json", value: .object(media))]
        if declaration.verb == .patch {
            content.append(JSONMember(key: "application/merge-patch+json", value: .object(media)))
        }
        return ["required": .bool(body.contains(where: \.isRequired)), "content": .object(content)]
    }

    // MARK: What it answers

    private var responses: [JSONMember] {
        var all = success
        if isVersioned, declaration.verb == .get {
            all.append(JSONMember(key: "304", value: ["$ref": "#/components/responses/NotModified"]))
        }
        let statuses = Set(refusals.map { $0.status(validation: declaration.validation) }).sorted()
        for status in statuses {
            all.append(
                JSONMember(key: String(status), value: ["$ref": .string("#/components/responses/Problem\(status)")]))
        }
        return all
    }

    /// What the handler refuses, and what follows from the declaration itself.
    private var refusals: Set<Problem.Code> {
        var codes = declaration.refuses.union([
            .malformedRequest, .notAcceptable, .rateLimited, .internalError, .serviceUnavailable, .gatewayTimeout,
        ])
        if declaration.access != .anyone { codes.formUnion([.notAuthenticated, .invalidToken]) }
        if case .roles = declaration.access { codes.insert(.forbidden) }
        if declaration.access != .anyone, !declaration.whileEnrolling { codes.insert(.secondFactorRequired) }
        if declaration.input.properties.contains(where: { $0.location == .path }) { codes.insert(.notFound) }
        if declaration.input.properties.contains(where: { $0.location != .path }) { codes.insert(.validationFailed) }
        if declaration.input.properties.contains(where: { $0.location != .body }) { codes.insert(.uriTooLong) }
        if readsBody { codes.formUnion([.malformedJSON, .payloadTooLarge, .unsupportedMediaType, .validationFailed]) }
        if declaration.verb == .post { codes.formUnion([.requestInProgress, .idempotencyKeyReused]) }
        return codes
    }

    private var success: [JSONMember] {
        let answer = declaration.answer
        let shapes = OpenAPIShapes(answer)
        var members: [JSONMember] = [JSONMember(key: "description", value: .string(words))]
        let headers = headers
        if !headers.isEmpty { members.append(JSONMember(key: "headers", value: .object(headers))) }
        members.append(JSONMember(key: "content", value: shapes.content))
        var all = [JSONMember(key: String(answer.status), value: .object(members))]
        if answer.form == .nothing {
            all.append(JSONMember(key: "204", value: ["description": "Done, in the plain profile."]))
        }
        return all
    }

    private var words: String { declaration.says.isEmpty ? declaration.summary : declaration.says }

    private var headers: [JSONMember] {
        var all = [JSONMember(key: "X-Request-Id", value: ["$ref": "#/components/headers/XRequestId"])]
        func add(_ name: String, _ component: String) {
            all.append(JSONMember(key: name, value: ["$ref": .string("#/components/headers/\(component)")]))
        }
        if isVersioned { add("ETag", "ETag") }
        if declaration.answer.status == 201 { add("Location", "Location") }
        if declaration.answer.form == .list { add("Link", "Link") }
        return all
    }
}
