package import JSON

/// One field of a form: where it stands, how it is read, what it looks like. `read` gives nil only after it has told
/// the faults why.
package struct Field<Value: Sendable>: Sendable {
    package let properties: [Schema.Property]
    package let presence: @Sendable (Source) -> FieldPresence
    package let read: @Sendable (Source, Faults) -> Value?

    /// A field that reads what it likes of the source (several keys that belong together, say).
    package init(
        properties: [Schema.Property], presence: @escaping @Sendable (Source) -> FieldPresence = { _ in .present },
        read: @escaping @Sendable (Source, Faults) -> Value?
    ) {
        self.properties = properties
        self.presence = presence
        self.read = read
    }

    /// A field of one key. `parse` gets what was sent and answers with the value or with all that is wrong with it.
    package init(
        _ name: String, in location: Source.Location = .body, _ schema: Schema,
        parse: @escaping @Sendable (JSONValue, FieldRefusal) -> Value?
    ) {
        self.init(
            properties: [Schema.Property(name, in: location, schema, isRequired: true)],
            presence: { source in
                switch source.value(name, in: location) {
                case nil: .absent
                case .null?: .null
                case .string("")? where location == .query: .absent
                default: .present
                }
            },
            read: { source, faults in
                switch source.value(name, in: location) {
                case nil:
                    faults.add(name, "This field is required.")
                    return nil
                case .null?:
                    faults.add(name, "This field may not be null.")
                    return nil
                case let value?:
                    return parse(value, FieldRefusal(field: name, faults: faults))
                }
            })
    }
}

/// Whether a field was sent at all; a blank query parameter counts as not sent.
package enum FieldPresence: Sendable { case absent, null, present }

/// Says what is wrong with the field being read.
package struct FieldRefusal {
    package let field: String
    package let faults: Faults

    package func callAsFunction(_ message: String) { faults.add(field, message) }
}

extension Field {
    /// Absent and null read as nil: `.optional(.text("city", 1...100))`.
    package static func optional<Wrapped>(_ field: Field<Wrapped>) -> Field<Wrapped?> where Value == Wrapped? {
        Field<Wrapped?>(
            properties: field.properties.map { property in
                let schema = property.location == .body ? property.schema.nullable : property.schema
                return Schema.Property(property.name, in: property.location, schema, isRequired: false)
            },
            presence: field.presence,
            read: { source, faults in
                guard field.presence(source) == .present else { return .some(nil) }
                return field.read(source, faults).map { .some($0) }
            })
    }

    /// Absent and null read as the given value.
    package func or(_ fallback: Value) -> Field {
        Field(
            properties: properties.map {
                Schema.Property($0.name, in: $0.location, $0.schema, isRequired: false)
            },
            presence: presence,
            read: { source, faults in presence(source) == .present ? read(source, faults) : fallback })
    }

    /// One more rule: `check` answers with what is wrong, or with nil.
    package func checked(_ check: @escaping @Sendable (Value) -> String?) -> Field {
        Field(properties: properties, presence: presence) { source, faults in
            guard let value = read(source, faults) else { return nil }
            guard let fault = check(value) else { return value }
            faults.add(properties.first?.name ?? "", fault)
            return nil
        }
    }

    package func map<Other: Sendable>(_ transform: @escaping @Sendable (Value) -> Other) -> Field<Other> {
        Field<Other>(properties: properties, presence: presence) { source, faults in
            read(source, faults).map(transform)
        }
    }

    package func described(_ text: String) -> Field { reschemed { $0.described(text) } }
    package func example(_ value: JSONValue) -> Field { reschemed { $0.example(value) } }
    package func example(_ value: String) -> Field { example(.string(value)) }

    private func reschemed(_ change: (Schema) -> Schema) -> Field {
        Field(
            properties: properties.map {
                Schema.Property($0.name, in: $0.location, change($0.schema), isRequired: $0.isRequired)
            }, presence: presence, read: read)
    }
}
