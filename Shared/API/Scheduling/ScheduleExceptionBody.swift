package import Forms
package import JSON
package import Kernel

/// What is different on a day, or from one moment to another.
package struct ScheduleExceptionBody: Input {
    /// What an exception does to the usual week.
    package enum Kind: String, Sendable, CaseIterable { case closed, hours, away }

    /// The keys that each kind needs, read.
    package enum Difference: Sendable, Equatable {
        case closed(CalendarDate)
        case hours(CalendarDate, [TimeWindow])
        case away(Range<Instant>)
    }

    package let difference: Difference
    package let note: String?

    private static let form = Form(
        .choice("kind", in: .body) as Field<Kind>, .optional(.date("date")), .optional(.instant("start")),
        .optional(.instant("end")), .optional(.timeWindows("hours")),
        .unlessBlank(.text("note", 0...500, multiline: true)))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        let (kind, date, start, end, hours, note) = try Self.form.read(source)
        self.note = note
        let faults = Faults()
        let difference: Difference? =
            switch kind {
            case .closed: Self.needed(date, "date", faults).map { .closed($0) }
            case .hours: Self.hours(Self.needed(date, "date", faults), hours, faults)
            case .away: Self.away(Self.needed(start, "start", faults), Self.needed(end, "end", faults), faults)
            }
        try faults.raise()
        guard let difference else { throw .internalError }
        self.difference = difference
    }

    private static func needed<Value>(_ value: Value?, _ name: String, _ faults: Faults) -> Value? {
        if value == nil { faults.add(name, "This field is required.") }
        return value
    }

    private static func hours(_ date: CalendarDate?, _ hours: [TimeWindow]?, _ faults: Faults) -> Difference? {
        guard let hours, !hours.isEmpty else {
            faults.add("hours", "This field is required.")
            return nil
        }
        return date.map { .hours($0, hours) }
    }

    private static func away(_ start: Instant?, _ end: Instant?, _ faults: Faults) -> Difference? {
        guard let start, let end else { return nil }
        guard start < end else {
            faults.add("end", "Must be after start.")
            return nil
        }
        return .away(start..<end)
    }

    package static let example: JSONValue? = [
        "kind": "hours", "date": "2027-03-15", "hours": [["start": "10:00", "end": "14:00"]],
        "note": "Conference in the morning",
    ]
}

/// One exception of a doctor, both named in the path.
package struct ScheduleExceptionPath: Input {
    package let doctor: ID<Doctor>
    package let exception: ID<ScheduleException>

    package static let properties =
        ByID<Doctor>.properties
        + [
            Schema.Property(
                "exception_id", in: .path,
                .string(format: "uuid").example(DemoRecord(ScheduleException.self).example), isRequired: true)
        ]

    package init(_ source: Source) throws(Problem) {
        doctor = try ByID<Doctor>(source).id
        guard case .string(let text)? = source.value("exception_id", in: .path),
            let id = ID<ScheduleException>(text)
        else { throw .notFound }
        exception = id
    }
}
