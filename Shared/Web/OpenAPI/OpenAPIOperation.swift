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
        if let body = OpenAPIBody(declaration) { members.append(JSONMember(key: "requestBody", value: body.json)) }
        members.append(JSONMember(key: "responses", value: .object(responses)))
        members.append(JSONMember(key: "security", value: security))
        if let limit = limit { members.append(limit) }
        return .object(members)
    }

    private var security: JSONValue {
        switch declaration.access {
        // An empty requirement: also for those who are not signed in.
        case .anyone: [[:]]
        case .ticketHolders: [["bearerAuth": []], ["streamTicket": []]]
        case .authenticated, .roles, .services: [["bearerAuth": []]]
        }
    }

    private var description: String {
        guard case .roles(let roles) = declaration.access else { return "" }
        return "For " + roles.map(\.rawValue).sorted().joined(separator: ", ") + "."
    }

    /// How long it may take, where that is not the usual; null for no end.
    private var limit: JSONMember? {
        switch declaration.timeLimit {
        case .default: nil
        case .seconds(let seconds): JSONMember(key: "x-deadline-seconds", value: .integer(Int64(seconds)))
        case .unlimited: JSONMember(key: "x-deadline-seconds", value: .null)
        }
    }

    // MARK: What it takes

    private var parameters: [JSONValue] {
        var all = declaration.input.properties.filter { $0.location != .body }.map(parameter)
        if declaration.verb == .post { all.append(["$ref": "#/components/parameters/IdempotencyKey"]) }
        if isVersioned, declaration.verb == .get { all.append(["$ref": "#/components/parameters/IfNoneMatch"]) }
        if declaration.answer.form == .download {
            all += ["Range", "IfRange", "IfNoneMatch"].map { ["$ref": .string("#/components/parameters/\($0)")] }
        }
        if declaration.answer.form == .events { all.append(["$ref": "#/components/parameters/LastEventID"]) }
        if changesVersion { all.append(["$ref": "#/components/parameters/IfMatch"]) }
        return all
    }

    /// Swagger UI fills in what stands beside the schema, and not the schema's own examples.
    private func parameter(_ property: Schema.Property) -> JSONValue {
        var members: [JSONMember] = [
            JSONMember(key: "name", value: .string(property.name)),
            JSONMember(key: "in", value: property.location == .path ? "path" : "query"),
            JSONMember(key: "required", value: .bool(property.location == .path || property.isRequired)),
            JSONMember(key: "schema", value: .object(property.schema.members.filter { $0.key != "examples" })),
        ]
        if let example = property.schema.json["examples"]?.array?.first {
            members.append(JSONMember(key: "example", value: example))
        }
        return .object(members)
    }

    private var isDownload: Bool { declaration.answer.form == .download }
    private var isVersioned: Bool { declaration.answer.form == .item }
    private var changesVersion: Bool {
        declaration.refuses.contains(.preconditionFailed)
    }
    private var bodyForm: BodyForm { declaration.input.bodyForm }

    // MARK: What it answers

    private var responses: [JSONMember] {
        var all = success
        if isVersioned && declaration.verb == .get || isDownload {
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
            .malformedRequest, .rateLimited, .internalError, .serviceUnavailable, .gatewayTimeout,
        ])
        if declaration.answer.form.isJSON { codes.insert(.notAcceptable) }
        if isDownload { codes.insert(.rangeNotSatisfiable) }
        if declaration.access != .anyone { codes.formUnion([.notAuthenticated, .invalidToken]) }
        if case .roles = declaration.access { codes.insert(.forbidden) }
        if declaration.access != .anyone, !declaration.whileEnrolling { codes.insert(.secondFactorRequired) }
        if declaration.access != .anyone, !declaration.beforePasswordChange { codes.insert(.passwordChangeRequired) }
        if declaration.input.properties.contains(where: { $0.location == .path }) { codes.insert(.notFound) }
        if declaration.input.properties.contains(where: { $0.location != .path }) { codes.insert(.validationFailed) }
        if declaration.input.properties.contains(where: { $0.location != .body }) { codes.insert(.uriTooLong) }
        if bodyForm != .none { codes.formUnion([.payloadTooLarge, .unsupportedMediaType, .validationFailed]) }
        if bodyForm == .json { codes.insert(.malformedJSON) }
        if bodyForm == .multipart { codes.insert(.malformedMultipart) }
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
        if answer.mayBeThere {
            all.append(
                JSONMember(
                    key: "200", value: ["description": "It was there already.", "content": shapes.content]))
        }
        if isDownload {
            all.append(
                JSONMember(
                    key: "206", value: ["description": "The part that was asked for.", "content": shapes.content]))
        }
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
        if isVersioned || isDownload { add("ETag", "ETag") }
        if isDownload { add("Content-Disposition", "ContentDisposition") }
        if declaration.answer.status == 201 { add("Location", "Location") }
        if declaration.answer.form == .list { add("Link", "Link") }
        return all
    }
}
