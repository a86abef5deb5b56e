package import Forms
package import JSON
package import Kernel

/// What an endpoint takes: read from a source with all faults at once, described for the documents by the same fields.
package protocol Input: Sendable {
    static var properties: [Schema.Property] { get }
    /// A body that works as it stands, for the documents; nil where there is no body.
    static var example: JSONValue? { get }
    static var bodyForm: BodyForm { get }
    init(_ source: Source) throws(Problem)
    /// Throws what the endpoint refuses about it for its form alone.
    static func check(_ source: Source) throws(Problem)
}

extension Input {
    package static var example: JSONValue? { nil }
    package static func check(_ source: Source) throws(Problem) { _ = try Self(source) }
    package static var bodyForm: BodyForm { properties.contains { $0.location == .body } ? .json : .none }
}

/// What kind of body an input is read from.
package enum BodyForm: Sendable {
    case none
    /// One object, read whole before the handler is asked.
    case json
    /// multipart/form-data, read by the handler as it comes.
    case multipart
}

/// What the documents say of an input, made when it is asked for: every process declares all endpoints, and serves its
/// own.
package struct InputDescription: Sendable {
    private let describe: @Sendable () -> [Schema.Property]
    private let exemplify: @Sendable () -> JSONValue?
    private let form: @Sendable () -> BodyForm
    /// Reads a source as the service would, and throws what it would refuse.
    package let accepts: @Sendable (Source) throws(Problem) -> Void

    package var properties: [Schema.Property] { describe() }
    package var example: JSONValue? { exemplify() }
    package var bodyForm: BodyForm { form() }
    package var readsBody: Bool { bodyForm != .none }

    package init<Takes: Input>(_: Takes.Type, example: JSONValue? = nil, of record: DemoRecord? = nil) {
        describe = { record.map { Takes.properties.naming($0) } ?? Takes.properties }
        exemplify = { example ?? Takes.example }
        form = { Takes.bodyForm }
        accepts = { source throws(Problem) in try Takes.check(source) }
    }
}

extension [Schema.Property] {
    /// The same, `{id}` in the path naming that record in its example.
    fileprivate func naming(_ record: DemoRecord) -> [Schema.Property] {
        map { property in
            guard property.location == .path, property.name == "id" else { return property }
            return Schema.Property("id", in: .path, property.schema.example(record.example), isRequired: true)
        }
    }
}

/// Nothing at all.
package struct NoInput: Input {
    package static var properties: [Schema.Property] { [] }
    package init() {}
    package init(_ source: Source) throws(Problem) {}
}

/// One entity, named by `{id}` in the path. What is no id names nothing: 404, as any unknown id.
package struct ByID<Entity>: Input {
    package static var properties: [Schema.Property] {
        let schema = Schema.string(format: "uuid").example(DemoRecord(Entity.self).example)
        return [Schema.Property("id", in: .path, schema, isRequired: true)]
    }
    package static var bodyForm: BodyForm { .none }
    package let id: ID<Entity>

    package init(_ id: ID<Entity>) { self.id = id }
    package init(_ source: Source) throws(Problem) {
        guard case .string(let text)? = source.value("id", in: .path), let id = ID<Entity>(text) else {
            throw .notFound
        }
        self.id = id
    }
}

/// An entity named by `{id}` in the path, and a body for it.
package struct WithID<Entity, Body: Input>: Input {
    package static var properties: [Schema.Property] { ByID<Entity>.properties + Body.properties }
    package static var example: JSONValue? { Body.example }
    package static var bodyForm: BodyForm { Body.bodyForm }
    package let id: ID<Entity>
    package let body: Body

    package init(id: ID<Entity>, body: Body) {
        self.id = id
        self.body = body
    }
    package init(_ source: Source) throws(Problem) {
        id = try ByID<Entity>(source).id
        body = try Body(source)
    }
    package static func check(_ source: Source) throws(Problem) {
        _ = try ByID<Entity>(source)
        try Body.check(source)
    }
}

/// A JSON merge patch (RFC 7396) of an input: laid over what is there now, then read by the input's own form, so that a
/// patched thing obeys every rule of a new one.
package struct Patch<Body: Input>: Input {
    package static var properties: [Schema.Property] {
        Body.properties.map { property in
            Schema.Property(
                property.name, in: property.location,
                property.isRequired ? property.schema : property.schema.nullable, isRequired: property.location == .path
            )
        }
    }
    package static var example: JSONValue? {
        // The first member of the full example is a patch that works.
        guard case .object(let members)? = Body.example, let first = members.first else { return nil }
        return .object([first])
    }
    package static var bodyForm: BodyForm { .json }
    package let changes: JSONValue
    private let now: Instant

    package init(changes: JSONValue, now: Instant = SystemClock().now) {
        self.changes = changes
        self.now = now
    }
    package init(_ source: Source) throws(Problem) {
        guard case .object? = source.body else {
            throw Problem(.malformedJSON, "The body must be a JSON object.")
        }
        changes = source.body ?? .null
        now = source.now
    }

    /// The whole thing after the patch; `current` is what is there, with the input's own keys.
    package func applied(to current: JSONValue) throws(Problem) -> Body {
        try Body(Source(body: MergePatch.apply(changes, to: current), now: now))
    }
}
