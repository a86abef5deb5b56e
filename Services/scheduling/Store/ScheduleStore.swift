package import Kernel
package import Postgres
package import SchedulingDomain

/// Doctors' hours. Everybody may read them, since slots follow from them; a hospital and its doctors write their own.
package struct ScheduleStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// A schedule, and the day it is in its zone.
    package struct Found: Sendable {
        package let schedule: DoctorSchedule
        package let today: CalendarDate
    }

    package func find(_ doctor: ID<Doctor>, at now: Instant) async throws -> Found? {
        try await database.read(Self.row + Column<CalendarDate>("(\(now)::timestamptz at time zone s.timezone)::date"))
        {
            "select \($0) from schedule s where s.doctor_id = \(doctor)"
        }.first.map { Found(schedule: $0.0, today: $0.1) }
    }

    package func find(_ doctor: ID<Doctor>, in tx: Transaction) async throws -> DoctorSchedule? {
        try await tx.run(Self.row) { "select \($0) from schedule s where s.doctor_id = \(doctor)" }.first
    }

    /// The schedule, locked against other writers until the transaction ends.
    package func lock(_ doctor: ID<Doctor>, in tx: Transaction) async throws -> DoctorSchedule? {
        try await tx.run(Self.row) {
            "select \($0) from schedule s where s.doctor_id = \(doctor) for no key update of s"
        }.first
    }

    /// Keeps all of it, whatever was there, and gives it with its new version.
    package func replace(_ schedule: DoctorSchedule, at now: Instant, in tx: Transaction) async throws -> Int64 {
        let version = try await tx.run(Column<Int64>("schedule.version")) {
            """
            insert into schedule (doctor_id, hospital_id, timezone, slot_minutes, buffer_minutes,
                minimum_notice_minutes, horizon_days, cancel_cutoff_minutes, auto_confirm, version, updated_at)
            values (\(schedule.doctor), \(schedule.hospital), \(schedule.timezone), \(schedule.slotMinutes),
                \(schedule.bufferMinutes), \(schedule.minimumNoticeMinutes), \(schedule.horizonDays),
                \(schedule.cancelCutoffMinutes), \(schedule.autoConfirm), 1, \(now))
            on conflict (doctor_id) do update set
                hospital_id = excluded.hospital_id, timezone = excluded.timezone, slot_minutes = excluded.slot_minutes,
                buffer_minutes = excluded.buffer_minutes, minimum_notice_minutes = excluded.minimum_notice_minutes,
                horizon_days = excluded.horizon_days, cancel_cutoff_minutes = excluded.cancel_cutoff_minutes,
                auto_confirm = excluded.auto_confirm, version = schedule.version + 1, updated_at = excluded.updated_at
            returning \($0)
            """
        }.one
        try await replaceHours(of: schedule, in: tx)
        return version
    }

    private func replaceHours(of schedule: DoctorSchedule, in tx: Transaction) async throws {
        try await tx.run("delete from weekly_hours where doctor_id = \(schedule.doctor)")
        let rows = schedule.weeklyHours.days.flatMap { day, windows in windows.map { (day.rawValue, $0) } }
        try await tx.run(
            """
            insert into weekly_hours (doctor_id, hospital_id, weekday, opens, closes)
            select \(schedule.doctor), \(schedule.hospital), w.weekday, w.opens, w.closes
            from unnest(\(rows.map(\.0))::smallint[], \(rows.map(\.1.startText))::time[],
                \(rows.map(\.1.endText))::time[]) w (weekday, opens, closes)
            """)
    }

    /// The columns of `schedule s`, its hours beside them.
    static let row = Projection(
        Column<ID<Doctor>>("s.doctor_id"), Column<ID<Hospital>>("s.hospital_id"), Column<String>("s.timezone"),
        Column<Int>("s.slot_minutes"), Column<Int>("s.buffer_minutes"), Column<Int>("s.minimum_notice_minutes"),
        Column<Int>("s.horizon_days"), Column<Int>("s.cancel_cutoff_minutes"), Column<Bool>("s.auto_confirm"),
        Column<[Int]>(
            """
            array(select v from weekly_hours w, unnest(array[w.weekday, extract(epoch from w.opens) / 60, \
            extract(epoch from w.closes) / 60]::integer[]) with ordinality u (v, n) where w.doctor_id = s.doctor_id \
            order by w.weekday, w.opens, u.n)
            """), Column<Int64>("s.version")
    ) {
        doctor, hospital, timezone, slot, buffer, notice, horizon, cutoff, autoConfirm, hours, version in
        DoctorSchedule(
            doctor: doctor, hospital: hospital, timezone: timezone, slotMinutes: slot, bufferMinutes: buffer,
            minimumNoticeMinutes: notice, horizonDays: horizon, cancelCutoffMinutes: cutoff, autoConfirm: autoConfirm,
            weeklyHours: try ScheduleStore.weeklyHours(hours, of: doctor), version: version)
    }

    /// Three numbers a window: weekday, start, end.
    private static func weeklyHours(_ numbers: [Int], of doctor: ID<Doctor>) throws -> WeeklyHours {
        var days: [Weekday: [TimeWindow]] = [:]
        for first in stride(from: 0, to: numbers.count - 2, by: 3) {
            guard let day = Weekday(rawValue: numbers[first]),
                let window = TimeWindow(start: numbers[first + 1], end: numbers[first + 2])
            else { throw BrokenRow("weekly_hours", doctor) }
            days[day, default: []].append(window)
        }
        return WeeklyHours(days)
    }
}

extension ScheduleStore {
    /// The visits ahead that lie outside the doctor's hours, in their order. A doctor without a schedule has none.
    package func outsideHours(
        of doctor: ID<Doctor>, at now: Instant, in tx: Transaction
    ) async throws -> [ID<Appointment>] {
        try await outside(of: doctor, at: now, within: "true", in: tx)
    }

    /// The same, of those that overlap a stretch of time.
    package func outsideHours(
        of doctor: ID<Doctor>, within exception: HoursException, zone: String, at now: Instant, in tx: Transaction
    ) async throws -> [ID<Appointment>] {
        let span: SQL
        switch exception.difference {
        case .closed(let day), .hours(let day, _):
            span = """
                a.ends > \(day)::date::timestamp at time zone \(zone)
                    and a.starts < (\(day)::date + 1)::timestamp at time zone \(zone)
                """
        case .away(let during): span = "a.ends > \(during.lowerBound) and a.starts < \(during.upperBound)"
        }
        return try await outside(of: doctor, at: now, within: span, in: tx)
    }

    private func outside(
        of doctor: ID<Doctor>, at now: Instant, within span: SQL, in tx: Transaction
    ) async throws -> [ID<Appointment>] {
        try await tx.run(Column<ID<Appointment>>("a.appointment_id")) {
            """
            with ahead as (
                select a.appointment_id, a.starts, a.ends from appointment a
                where a.doctor_id = \(doctor) and a.starts > \(now)
                    and a.status in \(sql: AppointmentStatus.openList) and \(sql: span)
            ), days as (select min(starts)::date - 2 as first, max(ends)::date + 2 as last from ahead),
            work as materialized (
                select coalesce(working_time(\(doctor), days.first, days.last), '{}') as time from days
            )
            select \($0) from ahead a, work where not tstzrange(a.starts, a.ends) <@ work.time
            order by a.starts, a.appointment_id
            """
        }
    }
}
