package import Forms
package import JSON
package import Kernel

/// What goes on the wire: one JSON object whose fields are declared once, for the writer and for the documents.
package protocol View: Sendable {
    static var shape: Shape<Self> { get }
}

/// The fields of a view, in the order they are written.
package struct Shape<Viewed: Sendable>: Sendable {
    package let name: String
    package let fields: [ViewField<Viewed>]

    /// `name` is the schema's name in the OpenAPI document.
    package init(_ name: String, _ fields: ViewField<Viewed>...) {
        self.name = name
        self.fields = fields
    }

    /// The fields of another view, and these behind them.
    package init(_ name: String, _ first: [ViewField<Viewed>], _ more: ViewField<Viewed>...) {
        self.name = name
        fields = first + more
    }

    /// The same fields, of a view that holds this one.
    package func of<Outer: Sendable>(_ get: @escaping @Sendable (Outer) -> Viewed) -> [ViewField<Outer>] {
        fields.map { $0.of(get) }
    }

    package func write(_ value: Viewed, to json: inout JSONWriter) {
        json.object { json in
            for field in fields { field.write(value, &json) }
        }
    }

    /// Every field is always there, but a flag; what may be null says so.
    package var schema: Schema {
        .object(fields.map { Schema.Property($0.name, $0.schema, isRequired: $0.isAlwaysThere) })
    }
}

/// One field of a view: its key, its schema, and how it is written.
package struct ViewField<Viewed: Sendable>: Sendable {
    package let name: String
    package let schema: Schema
    let isAlwaysThere: Bool
    package let write: @Sendable (Viewed, inout JSONWriter) -> Void

    package init(_ name: StaticString, _ schema: Schema, write: @escaping @Sendable (Viewed, inout JSONWriter) -> Void)
    {
        self.name = name.description
        self.schema = schema
        isAlwaysThere = true
        self.write = { value, json in
            json.key(name)
            write(value, &json)
        }
    }

    private init(
        _ name: String, _ schema: Schema, isAlwaysThere: Bool,
        writing write: @escaping @Sendable (Viewed, inout JSONWriter) -> Void
    ) {
        self.name = name
        self.schema = schema
        self.isAlwaysThere = isAlwaysThere
        self.write = write
    }

    fileprivate func of<Outer: Sendable>(_ get: @escaping @Sendable (Outer) -> Viewed) -> ViewField<Outer> {
        ViewField<Outer>(
            name, schema, isAlwaysThere: isAlwaysThere, writing: { [write] outer, json in write(get(outer), &json) })
    }
}

extension ViewField {
    package typealias Get<Value> = @Sendable (Viewed) -> Value

    package static func text(_ name: StaticString, _ get: @escaping Get<String>) -> ViewField {
        ViewField(name, .string) { $1.string(get($0)) }
    }
    /// A text that may be null.
    package static func maybe(_ name: StaticString, _ schema: Schema = .string, _ get: @escaping Get<String?>)
        -> ViewField
    {
        ViewField(name, schema.nullable) { value, json in
            if let text = get(value) { json.string(text) } else { json.null() }
        }
    }
    package static func choice(_ name: StaticString, _ choices: [String], _ get: @escaping Get<String>) -> ViewField {
        ViewField(name, .string(oneOf: choices)) { $1.string(get($0)) }
    }
    package static func id<Entity>(_ name: StaticString, _ get: @escaping Get<ID<Entity>>) -> ViewField {
        ViewField(name, .string(format: "uuid")) { $1.string(get($0).description) }
    }
    package static func maybeID<Entity>(_ name: StaticString, _ get: @escaping Get<ID<Entity>?>) -> ViewField {
        maybe(name, .string(format: "uuid")) { get($0)?.description }
    }
    package static func ids<Entity>(_ name: StaticString, _ get: @escaping Get<[ID<Entity>]>) -> ViewField {
        maybeIDs(name, .array(of: .string(format: "uuid"))) { get($0) }
    }
    package static func maybeIDs<Entity>(_ name: StaticString, _ get: @escaping Get<[ID<Entity>]?>) -> ViewField {
        maybeIDs(name, Schema.array(of: .string(format: "uuid")).nullable, get)
    }
    private static func maybeIDs<Entity>(
        _ name: StaticString, _ schema: Schema, _ get: @escaping Get<[ID<Entity>]?>
    ) -> ViewField {
        ViewField(name, schema) { value, json in
            guard let ids = get(value) else { return json.null() }
            json.array { json in
                for id in ids { json.string(id.description) }
            }
        }
    }
    package static func instant(_ name: StaticString, _ get: @escaping Get<Instant>) -> ViewField {
        ViewField(name, .string(format: "date-time")) { $1.string(get($0).rfc3339) }
    }
    package static func maybeInstant(_ name: StaticString, _ get: @escaping Get<Instant?>) -> ViewField {
        maybe(name, .string(format: "date-time")) { get($0)?.rfc3339 }
    }
    package static func maybeDate(_ name: StaticString, _ get: @escaping Get<CalendarDate?>) -> ViewField {
        maybe(name, .string(format: "date")) { get($0)?.description }
    }
    /// A field that is there when it is true, and else is not: for answers whose keys earlier clients know.
    package static func flag(_ name: StaticString, _ get: @escaping Get<Bool>) -> ViewField {
        ViewField(name.description, .boolean, isAlwaysThere: false) { value, json in
            guard get(value) else { return }
            json.key(name)
            json.bool(true)
        }
    }
    package static func boolean(_ name: StaticString, _ get: @escaping Get<Bool>) -> ViewField {
        ViewField(name, .boolean) { $1.bool(get($0)) }
    }
    package static func integer(_ name: StaticString, _ get: @escaping Get<Int>) -> ViewField {
        ViewField(name, .integer) { $1.integer(Int64(get($0))) }
    }
    package static func maybeInteger(_ name: StaticString, _ get: @escaping Get<Int?>) -> ViewField {
        ViewField(name, Schema.integer.nullable) { value, json in
            if let number = get(value) { json.integer(Int64(number)) } else { json.null() }
        }
    }
    package static func number(_ name: StaticString, _ get: @escaping Get<Double>) -> ViewField {
        ViewField(name, .number) { $1.number(get($0)) }
    }
    package static func view<Inner: View>(_ name: StaticString, _ get: @escaping Get<Inner>) -> ViewField {
        ViewField(name, Inner.shape.schema) { Inner.shape.write(get($0), to: &$1) }
    }
    /// A view that may be null.
    package static func maybeView<Inner: View>(_ name: StaticString, _ get: @escaping Get<Inner?>) -> ViewField {
        ViewField(name, Inner.shape.schema.nullable) { value, json in
            if let inner = get(value) { Inner.shape.write(inner, to: &json) } else { json.null() }
        }
    }
    package static func views<Inner: View>(_ name: StaticString, _ get: @escaping Get<[Inner]>) -> ViewField {
        ViewField(name, .array(of: Inner.shape.schema)) { value, json in
            json.array { json in
                for inner in get(value) { Inner.shape.write(inner, to: &json) }
            }
        }
    }
}
