package import Forms
import JSON
import Kernel

/// One key of an event's data: how it is read from JSON and how it is written.
package struct EventField<Fact: Sendable, Value: Sendable>: Sendable {
    let name: String
    let field: Field<Value>
    let write: @Sendable (Fact) -> JSONValue

    static func id<Entity>(
        _ name: String, _ value: @escaping @Sendable (Fact) -> ID<Entity>
    ) -> EventField where Value == ID<Entity> {
        EventField(name: name, field: .id(name, of: Entity.self)) { .string(value($0).description) }
    }

    /// An id that events of earlier releases do not name.
    static func laterID<Entity>(
        _ name: String, _ value: @escaping @Sendable (Fact) -> ID<Entity>?
    ) -> EventField where Value == ID<Entity>? {
        EventField(name: name, field: .optional(.id(name, of: Entity.self))) { fact in
            value(fact).map { .string($0.description) } ?? .null
        }
    }

    /// A number from 0.
    static func number(
        _ name: String, _ value: @escaping @Sendable (Fact) -> Int64
    ) -> EventField where Value == Int {
        EventField(name: name, field: .integer(name, 0...Int.max)) { .integer(value($0)) }
    }

    /// A number from 0 that events of earlier releases do not carry.
    static func laterNumber(
        _ name: String, _ value: @escaping @Sendable (Fact) -> Int64
    ) -> EventField where Value == Int? {
        EventField(name: name, field: .optional(.integer(name, 0...Int.max))) { .integer(value($0)) }
    }

    static func ids<Entity>(
        _ name: String, atMost limit: Int, _ value: @escaping @Sendable (Fact) -> [ID<Entity>]
    ) -> EventField where Value == [ID<Entity>] {
        let texts = Field.texts(name, 36...36, atMost: limit).checked { texts in
            texts.allSatisfy { ID<Entity>($0) != nil } ? nil : "Must be valid ids."
        }
        return EventField(name: name, field: texts.map { $0.compactMap { ID<Entity>($0) } }) { fact in
            .array(value(fact).map { .string($0.description) })
        }
    }

    /// Ids that events of earlier releases do not name: none there.
    static func laterIDs<Entity>(
        _ name: String, atMost limit: Int, _ value: @escaping @Sendable (Fact) -> [ID<Entity>]
    ) -> EventField where Value == [ID<Entity>] {
        let now = ids(name, atMost: limit, value)
        return EventField(
            name: name, field: Field<[ID<Entity>]?>.optional(now.field).map { $0 ?? [] }, write: now.write)
    }

    static func instant(
        _ name: String, _ value: @escaping @Sendable (Fact) -> Instant
    ) -> EventField where Value == Instant {
        EventField(name: name, field: .instant(name)) { .string(value($0).rfc3339) }
    }

    static func date(
        _ name: String, _ value: @escaping @Sendable (Fact) -> CalendarDate
    ) -> EventField where Value == CalendarDate {
        EventField(name: name, field: .date(name)) { .string(value($0).description) }
    }

    /// One of a closed set, by its raw value.
    static func choice(_ name: String, _ value: @escaping @Sendable (Fact) -> Value) -> EventField
    where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        EventField(name: name, field: .choice(name)) { .string(value($0).rawValue) }
    }
}

/// The data of one kind of event: its keys in the order they are written, the first being the subject.
package struct EventShape<Fact: Sendable>: Sendable {
    package let properties: [Schema.Property]
    /// The subject's key without `_id`: `account`.
    let subjectKind: String
    let subject: @Sendable (Fact) -> String
    let read: @Sendable (Source) throws(Problem) -> Fact
    let write: @Sendable (Fact) -> JSONValue
    let sample: Fact

    init<Subject, each Value>(
        about subject: EventField<Fact, ID<Subject>>, _ fields: repeat EventField<Fact, each Value>, sample: Fact,
        make: @escaping @Sendable (ID<Subject>, repeat each Value) -> Fact
    ) {
        let form = Form(repeat (each fields).field)
        properties = subject.field.properties + form.properties
        subjectKind = String(subject.name.dropLast("_id".count))
        self.subject = { subject.write($0).string ?? "" }
        read = { source throws(Problem) in
            let faults = Faults()
            let id = subject.field.read(source, faults)
            let values = form.read(source, into: faults)
            try faults.raise()
            guard let id, let values else { throw .internalError }
            return make(id, repeat each values)
        }
        write = { fact in
            var members = [JSONMember(key: subject.name, value: subject.write(fact))]
            for field in repeat each fields { members.append(JSONMember(key: field.name, value: field.write(fact))) }
            return .object(members)
        }
        self.sample = sample
    }
}

extension ID {
    /// An id for samples: the same at each build, distinguished by its last digits.
    static func sample(_ number: UInt64) -> ID {
        ID(high: 0x0190_a5e4_0000_7000, low: 0x8000_0000_0000_0000 | number)
    }
}
