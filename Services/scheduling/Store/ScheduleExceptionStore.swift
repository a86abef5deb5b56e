import Crypto
package import Kernel
package import Postgres
package import SchedulingDomain
package import Sealing

/// The days and stretches of time that are different from a doctor's usual week. Notes are sealed under the service's
/// key: they belong to no patient.
package struct ScheduleExceptionStore: Sendable {
    let database: Database
    let keys: ServiceKeys

    package init(database: Database, keys: ServiceKeys) {
        self.database = database
        self.keys = keys
    }

    package func insert(_ exception: HoursException, at now: Instant, in tx: Transaction) async throws {
        let note = try exception.note.map {
            try keys.sealing.seal($0, authenticating: Self.associatedData(exception.id))
        }
        let (kind, day, hours, away) = Self.columns(exception.difference)
        try await tx.run(
            """
            insert into schedule_exception (exception_id, doctor_id, hospital_id, kind, day, during, sealed_note,
                created_at)
            values (\(exception.id), \(exception.doctor), \(exception.hospital), \(kind), \(day),
                case when \(kind) = 'away' then tstzrange(\(away?.lowerBound), \(away?.upperBound)) end,
                \(note), \(now))
            """, refusals: ["schedule_exception_one_a_day": HoursException.isTaken])
        try await tx.run(
            """
            insert into exception_hours (exception_id, hospital_id, opens, closes)
            select \(exception.id), \(exception.hospital), w.opens, w.closes
            from unnest(\(hours.map(\.startText))::time[], \(hours.map(\.endText))::time[]) w (opens, closes)
            """)
    }

    /// False where this doctor has no such exception.
    package func remove(_ id: ID<ScheduleException>, of doctor: ID<Doctor>, in tx: Transaction) async throws -> Bool {
        try await tx.run("delete from schedule_exception where exception_id = \(id) and doctor_id = \(doctor)")
            .affected == 1
    }

    /// Those that are not over, the earliest first.
    /// - Parameter today: in the doctor's zone.
    package func list(of doctor: ID<Doctor>, from today: CalendarDate, at now: Instant) async throws -> [HoursException]
    {
        try await database.read(Self.row) {
            """
            select \($0) from schedule_exception e
            where e.doctor_id = \(doctor) and (e.day >= \(today) or upper(e.during) > \(now))
            order by coalesce(e.day::timestamp at time zone 'UTC', lower(e.during)), e.exception_id
            """
        }.map(opened)
    }

    private static func columns(
        _ difference: HoursException.Difference
    ) -> (kind: String, day: CalendarDate?, hours: [TimeWindow], away: Range<Instant>?) {
        switch difference {
        case .closed(let day): ("closed", day, [], nil)
        case .hours(let day, let hours): ("hours", day, hours, nil)
        case .away(let during): ("away", nil, [], during)
        }
    }

    private struct Row: Sendable {
        let id: ID<ScheduleException>
        let doctor: ID<Doctor>
        let hospital: ID<Hospital>
        let kind: String
        let day: CalendarDate?
        let from: Instant?
        let until: Instant?
        /// Two numbers a window: start and end.
        let hours: [Int]
        let note: [UInt8]?
    }

    private static let row = Projection(
        Column<ID<ScheduleException>>("e.exception_id"), Column<ID<Doctor>>("e.doctor_id"),
        Column<ID<Hospital>>("e.hospital_id"), Column<String>("e.kind"), Column<CalendarDate?>("e.day"),
        Column<Instant?>("lower(e.during)"), Column<Instant?>("upper(e.during)"),
        Column<[Int]>(
            """
            array(select v from exception_hours h, unnest(array[extract(epoch from h.opens) / 60, \
            extract(epoch from h.closes) / 60]::integer[]) with ordinality u (v, n) \
            where h.exception_id = e.exception_id order by h.opens, u.n)
            """), Column<[UInt8]?>("e.sealed_note"), make: Row.init)

    private func opened(_ row: Row) throws -> HoursException {
        let difference: HoursException.Difference
        switch (row.kind, row.day, row.from, row.until) {
        case ("closed", let day?, _, _): difference = .closed(day)
        case ("hours", let day?, _, _):
            difference = .hours(
                day,
                stride(from: 0, to: row.hours.count - 1, by: 2).compactMap {
                    TimeWindow(start: row.hours[$0], end: row.hours[$0 + 1])
                })
        case ("away", _, let from?, let until?) where from < until: difference = .away(from..<until)
        default: throw BrokenRow("schedule_exception", row.id)
        }
        let note = try row.note.map {
            try keys.sealing.openText($0, authenticating: Self.associatedData(row.id))
        }
        return HoursException(
            id: row.id, doctor: row.doctor, hospital: row.hospital, difference: difference, note: note)
    }

    private static func associatedData(_ id: ID<ScheduleException>) -> AssociatedData {
        AssociatedData(table: "schedule_exception", row: id.shortText, column: "sealed_note")
    }
}
