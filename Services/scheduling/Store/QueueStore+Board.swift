import Chassis
package import Kernel
package import Postgres
package import SchedulingDomain

/// A doctor's queue on one day, as it stands.
package struct QueueBoard: Sendable {
    /// By number.
    package let numbers: [QueueNumber]
    /// How long the day's last visits took, in minutes.
    package let serviceMinutes: [Int]
    package let slotMinutes: Int

    fileprivate init(_ rows: [(QueueNumber, (minutes: [Int], slot: Int?))]) {
        numbers = rows.map(\.0)
        serviceMinutes = rows.first?.1.minutes ?? []
        slotMinutes = (rows.first?.1.slot ?? nil) ?? DoctorSchedule.usualSlotMinutes
    }

    /// How many are before this one; those under way count, and nobody is before who does not wait.
    package func ahead(of number: QueueNumber) -> Int {
        guard number.status == .waiting else { return 0 }
        return numbers.filter { other in
            other.status == .called || other.status == .inService
                || other.status == .waiting && other.number < number.number
        }.count
    }

    package func wait(of number: QueueNumber) -> Int {
        QueueWait.minutes(ahead: ahead(of: number), serviceMinutes: serviceMinutes, slotMinutes: slotMinutes)
    }
}

extension QueueStore {
    /// In the service's own name: a patient's wait depends on those before, whom the patient is not shown.
    package func board(of doctor: ID<Doctor>, on day: CalendarDate) async throws -> QueueBoard {
        QueueBoard(
            try await database.read(Self.boardRow(doctor, day), as: .service) { Self.board($0, doctor, day) })
    }

    package func board(of doctor: ID<Doctor>, on day: CalendarDate, in tx: Transaction) async throws -> QueueBoard {
        QueueBoard(try await tx.run(Self.boardRow(doctor, day)) { Self.board($0, doctor, day) })
    }

    private static func board(_ columns: some Selection, _ doctor: ID<Doctor>, _ day: CalendarDate) -> SQL {
        "select \(columns) from queue_token q where q.doctor_id = \(doctor) and q.day = \(day) order by q.number"
    }

    /// A number, and beside it what is the same for all of the day.
    private static func boardRow(
        _ doctor: ID<Doctor>, _ day: CalendarDate
    ) -> Projection<(QueueNumber, (minutes: [Int], slot: Int?))> {
        row
            + Projection(
                Column<[Int]>(
                    """
                    array(select ceil(extract(epoch from d.done - d.served) / 60)::integer from queue_token d \
                    where d.doctor_id = \(doctor) and d.day = \(day) and d.status = 'DONE' and d.served is not null \
                    order by d.done desc limit \(QueueWait.sample))
                    """), Column<Int?>("(select s.slot_minutes from schedule s where s.doctor_id = \(doctor))")
            ) { (minutes: $0, slot: $1) }
    }

    /// The day it is for a doctor: in their zone, or in the given one before they have a schedule.
    package func today(of doctor: ID<Doctor>, orIn zone: String, at now: Instant) async throws -> CalendarDate {
        try await database.read(
            Column<CalendarDate>(
                """
                (\(now)::timestamptz at time zone coalesce(\
                (select s.timezone from schedule s where s.doctor_id = \(doctor)), \(zone)))::date
                """)
        ).one
    }

    /// A visit as the queue asks for it.
    package struct Visit: Sendable {
        package let doctor: ID<Doctor>?
        package let day: CalendarDate
        package let patient: ID<Patient>
        package let account: ID<Account>?
        package let isOpen: Bool
    }

    package func visit(_ id: ID<Appointment>, zone: String, for caller: Caller) async throws -> Visit? {
        try await database.read(
            Projection(
                Column<ID<Doctor>?>("a.doctor_id"),
                Column<CalendarDate>(
                    """
                    (a.starts at time zone coalesce(\
                    (select s.timezone from schedule s where s.doctor_id = a.doctor_id), \(zone)))::date
                    """), Column<ID<Patient>>("a.patient_id"), Column<ID<Account>?>("a.patient_account_id"),
                Column<Bool>("a.status in ('CONFIRMED', 'CHECKED_IN')"), make: Visit.init), as: Scope(caller)
        ) { "select \($0) from appointment a where a.appointment_id = \(id)" }.first
    }
}
