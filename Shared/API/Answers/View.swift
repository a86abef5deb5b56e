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
    private let writers: [FieldWriter<Viewed>]

    /// `name` is the schema's name in the OpenAPI document.
    package init(_ name: String, _ fields: ViewField<Viewed>...) { self.init(name, fields) }

    /// The fields of another view, and these behind them.
    package init(_ name: String, _ first: [ViewField<Viewed>], _ more: ViewField<Viewed>...) {
        self.name = name
        fields = first + more
        writers = fields.map(\.writer)
    }

    /// The same fields, of a view that holds this one.
    package func of<Outer: Sendable>(_ get: @escaping @Sendable (Outer) -> Viewed) -> [ViewField<Outer>] {
        fields.map { $0.of(get) }
    }

    package func write(_ value: Viewed, to json: inout JSONWriter) {
        json.object { writeMembers(of: value, to: &$0) }
    }

    /// One value after the other, inside an array.
    package func write(each values: [Viewed], to json: inout JSONWriter) {
        let values = values.span
        for index in values.indices { write(values[index], to: &json) }
    }

    /// The fields inside an object.
    package func writeMembers(of value: Viewed, to json: inout JSONWriter) {
        let writers = writers.span
        for index in writers.indices { writers[index].write(value, &json) }
    }

    /// Every field is always there, but a flag; what may be null says so.
    package var schema: Schema {
        .object(fields.map { Schema.Property($0.name, $0.schema, isRequired: $0.isAlwaysThere) })
    }
}

/// How a field is written, key and value, apart from what the documents say of it: nothing else is touched for each
/// value. A struct, since functions themselves would be wrapped anew each time they are taken out of an array.
struct FieldWriter<Viewed: Sendable>: Sendable {
    let write: ViewField<Viewed>.Write
}

/// One field of a view: its key, its schema, and how it is written.
package struct ViewField<Viewed: Sendable>: Sendable {
    package let name: String
    package let schema: Schema
    let isAlwaysThere: Bool
    package typealias Write = @Sendable (Viewed, inout JSONWriter) -> Void
    fileprivate let writer: FieldWriter<Viewed>

    /// - Parameter write: the value alone.
    package init(_ name: StaticString, _ schema: Schema, write: @escaping Write) {
        let key = JSONKey(name)
        self.init(name.description, schema, isAlwaysThere: true) { value, json in
            json.key(key)
            write(value, &json)
        }
    }

    private init(_ name: String, _ schema: Schema, isAlwaysThere: Bool, writing write: @escaping Write) {
        self.name = name
        self.schema = schema
        self.isAlwaysThere = isAlwaysThere
        writer = FieldWriter(write: write)
    }

    fileprivate func of<Outer: Sendable>(_ get: @escaping @Sendable (Outer) -> Viewed) -> ViewField<Outer> {
        ViewField<Outer>(
            name, schema, isAlwaysThere: isAlwaysThere,
            writing: { [writer] outer, json in writer.write(get(outer), &json) })
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
        ViewField(name, .string(format: "uuid")) { $1.text(get($0).shortText) }
    }
    package static func maybeID<Entity>(_ name: StaticString, _ get: @escaping Get<ID<Entity>?>) -> ViewField {
        short(name, .string(format: "uuid")) { get($0)?.shortText }
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
                for id in ids { json.text(id.shortText) }
            }
        }
    }
    package static func instant(_ name: StaticString, _ get: @escaping Get<Instant>) -> ViewField {
        ViewField(name, .string(format: "date-time")) { $1.text(get($0).shortText) }
    }
    package static func maybeInstant(_ name: StaticString, _ get: @escaping Get<Instant?>) -> ViewField {
        short(name, .string(format: "date-time")) { get($0)?.shortText }
    }
    package static func maybeDate(_ name: StaticString, _ get: @escaping Get<CalendarDate?>) -> ViewField {
        short(name, .string(format: "date")) { get($0)?.shortText }
    }
    private static func short(_ name: StaticString, _ schema: Schema, _ get: @escaping Get<ShortText?>) -> ViewField {
        ViewField(name, schema.nullable) { value, json in
            if let text = get(value) { json.text(text) } else { json.null() }
        }
    }
    /// A field that is there when it is true, and else is not: for answers whose keys earlier clients know.
    package static func flag(_ name: StaticString, _ get: @escaping Get<Bool>) -> ViewField {
        let key = JSONKey(name)
        return ViewField(name.description, .boolean, isAlwaysThere: false) { value, json in
            guard get(value) else { return }
            json.key(key)
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
            json.array { Inner.shape.write(each: get(value), to: &$0) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func text(_ text: ShortText) { text.read { plain($0) } }
}
