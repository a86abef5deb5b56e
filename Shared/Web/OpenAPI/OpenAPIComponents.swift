import API
import Forms
import JSON
import Kernel

/// What operations refer to: the schemas of all views, the answers of all statuses, parameters and headers.
enum OpenAPIComponents {
    static func json(_ declarations: [Declaration]) -> JSONValue {
        [
            "schemas": .object(schemas(declarations)),
            "responses": .object(responses),
            "parameters": parameters,
            "headers": headers,
            "securitySchemes": [
                "bearerAuth": [
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "An access token of /api/auth/login.",
                ],
                "streamTicket": [
                    "type": "apiKey", "in": "query", "name": "ticket",
                    "description": "A ticket of /api/events/ticket, for an EventSource.",
                ],
            ],
        ]
    }

    private static func schemas(_ declarations: [Declaration]) -> [JSONMember] {
        var seen: Set<String> = []
        var all: [JSONMember] = []
        for answer in declarations.map(\.answer) {
            guard let name = answer.schemaName, let schema = answer.schema, seen.insert(name).inserted else { continue }
            all.append(JSONMember(key: name, value: schema.json))
        }
        all += declarations.compactMap { OpenAPIBody($0)?.component }
        return all.sorted { $0.key < $1.key } + problems
    }

    // MARK: Problems

    private static let fields: JSONValue = [
        "type": "object", "description": "A field's path and all that is wrong with it.",
        "additionalProperties": ["type": "array", "items": ["type": "string"]],
    ]
    private static let code: JSONValue = [
        "type": "string", "enum": .array(Problem.Code.allCases.map { .string($0.rawValue) }),
    ]
    private static let text: JSONValue = ["type": "string"]
    private static let details: JSONValue = [
        "type": "object", "description": "What a program needs beside the code; only where the code says so.",
    ]

    private static let problems = [
        JSONMember(
            key: "EnvelopedError",
            value: OpenAPIShapes.object(
                [
                    ("success", ["type": "boolean", "description": "Always false."]), ("message", text), ("code", code),
                    ("errors", fields), ("request_id", text),
                ], optional: [("details", details)])),
        JSONMember(
            key: "PlainError",
            value: [
                "anyOf": [
                    OpenAPIShapes.object([("detail", text)]), fields,
                ]
            ]),
        JSONMember(
            key: "ProblemDetails",
            value: OpenAPIShapes.object(
                [
                    ("type", ["type": "string", "format": "uri-reference"]), ("title", text),
                    ("status", ["type": "integer"]), ("detail", text), ("code", code), ("errors", fields),
                    ("request_id", text),
                ], optional: [("details", details)])),
    ]

    /// One answer for each status that problems have, and the one without a body.
    private static var responses: [JSONMember] {
        let statuses = Set(Problem.Code.allCases.map { $0.status() } + [422]).sorted()
        return statuses.map { JSONMember(key: "Problem\($0)", value: response($0)) } + [
            JSONMember(
                key: "NotModified",
                value: ["description": "The client has it already.", "headers": ["ETag": reference("headers/ETag")]])
        ]
    }

    private static func response(_ status: Int) -> JSONValue {
        let codes = Problem.Code.allCases.filter { $0.status() == status || $0 == .validationFailed && status == 422 }
        var headers: [JSONMember] = [JSONMember(key: "X-Request-Id", value: reference("headers/XRequestId"))]
        switch status {
        case 401: headers.append(JSONMember(key: "WWW-Authenticate", value: ["schema": text]))
        case 405: headers.append(JSONMember(key: "Allow", value: ["schema": text]))
        case 416: headers.append(JSONMember(key: "Content-Range", value: ["schema": text]))
        case 429, 503: headers.append(JSONMember(key: "Retry-After", value: reference("headers/RetryAfter")))
        default: break
        }
        return [
            "description": .string(codes.map { "`\($0.rawValue)`" }.joined(separator: ", ")),
            "headers": .object(headers),
            "content": .object([
                JSONMember(key: "application/json", value: ["schema": reference("schemas/EnvelopedError")]),
                JSONMember(key: OpenAPIShapes.plainType, value: ["schema": reference("schemas/PlainError")]),
                JSONMember(key: "application/problem+json", value: ["schema": reference("schemas/ProblemDetails")]),
            ]),
        ]
    }

    private static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/\(name)")] }

    // MARK: Parameters and headers

    private static let parameters: JSONValue = [
        "IdempotencyKey": [
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Within a day the same key with the same request gets the first answer again.",
            "schema": ["type": "string", "minLength": 1, "maxLength": 255],
        ],
        "IfMatch": [
            "name": "If-Match", "in": "header", "required": false,
            "description": "Change it only if it is still this version.", "schema": text,
        ],
        "IfNoneMatch": [
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "Answer 304 if it is still this version.", "schema": text,
        ],
        "Range": [
            "name": "Range", "in": "header", "required": false,
            "description": "One range of bytes (RFC 9110 §14); several are answered with the whole file.",
            "schema": text,
        ],
        "IfRange": [
            "name": "If-Range", "in": "header", "required": false,
            "description": "The range only if the file is still this one; else all of it.", "schema": text,
        ],
        "LastEventID": [
            "name": "Last-Event-ID", "in": "header", "required": false,
            "description": "What the client saw last: what came since is sent first.", "schema": text,
        ],
    ]

    private static let headers: JSONValue = [
        "XRequestId": ["description": "The id this request is known by.", "schema": text],
        "ContentDisposition": ["description": "The name to save it under (RFC 6266).", "schema": text],
        "ETag": ["description": "The version of this resource.", "schema": text],
        "Location": [
            "description": "Where the new resource is.", "schema": ["type": "string", "format": "uri-reference"],
        ],
        "Link": ["description": "The first, previous and next page (RFC 8288).", "schema": text],
        "RetryAfter": ["description": "Seconds to wait.", "schema": ["type": "integer", "minimum": 1]],
    ]
}
