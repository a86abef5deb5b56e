import Kernel
import Postgres
import Scheduling
import SchedulingDomain

/// Doctors' hours as a test sets them, past the endpoints.
extension World {
    /// The same windows on every day of the week.
    func setHours(
        of doctor: Caller, _ windows: [(String, String)] = [("09:00", "12:00")], zone: String = "UTC", slot: Int = 30,
        buffer: Int = 0, notice: Int = 0, horizon: Int = 90, autoConfirm: Bool = false
    ) async throws {
        let day = windows.compactMap { start, end in
            TimeWindow.minutes(start).flatMap { from in
                TimeWindow.minutes(end).flatMap { TimeWindow(start: from, end: $0) }
            }
        }
        let schedule = DoctorSchedule(
            doctor: people.entry(of: doctor), hospital: doctor.tenant.retyped(), timezone: zone, slotMinutes: slot,
            bufferMinutes: buffer, minimumNoticeMinutes: notice, horizonDays: horizon, autoConfirm: autoConfirm,
            weeklyHours: WeeklyHours(Dictionary(uniqueKeysWithValues: Weekday.allCases.map { ($0, day) })))
        _ = try await database.transaction(as: .service) { tx in
            try await ScheduleStore(database: database).replace(schedule, at: clock.now, in: tx)
        }
    }

    /// A claim that is held for good, as an appointment has one.
    @discardableResult
    func claim(
        _ doctor: Caller?, _ patient: ID<Patient>, account: ID<Account>? = nil, from start: String, minutes: Int = 30,
        kind: String = "appointment", overbooked: Bool = false
    ) async throws -> ID<Claim> {
        let id = ID<Claim>.make(at: clock.now)
        try await database.run(
            """
            insert into claim (claim_id, kind, doctor_id, patient_id, patient_account_id, starts, ends, busy_until,
                overbooked, claimed_at, held_until)
            values (\(id), \(kind), \(doctor.map(people.entry)), \(patient), \(account), \(start)::timestamptz,
                \(start)::timestamptz + make_interval(mins => \(minutes)),
                \(start)::timestamptz + make_interval(mins => \(minutes)), \(overbooked), clock_timestamp(), 'infinity')
            """, as: .service)
        return id
    }
}

extension World {
    /// A visit of half an hour with the first doctor, past the endpoints; its id.
    func visit(
        from start: String, status: String = "CONFIRMED", doctor: Caller? = nil, patient: ID<Patient>? = nil,
        account: ID<Account>? = nil, department: ID<Department>? = nil
    ) async throws -> String {
        let doctor = doctor ?? people.doctorA
        let id = ID<Appointment>.make(at: clock.now)
        let record = patient ?? people.janesRecord
        let hospital = doctor.tenant == people.hospital.tenant ? people.hospital : people.otherHospital
        let isOpen = ["REQUESTED", "CONFIRMED", "CHECKED_IN"].contains(status)
        let claim: ID<Claim> =
            isOpen ? try await claim(doctor, record, account: account, from: start) : .make(at: clock.now)
        try await database.run(
            """
            insert into appointment (appointment_id, hospital_id, hospital_account_id, department_id, doctor_id,
                doctor_account_id, patient_id, patient_account_id, status, starts, ends, requested_at, claim_id,
                version, created_at, updated_at)
            values (\(id), \(doctor.tenant), \(hospital.account), \(department), \(people.entry(of: doctor)),
                \(doctor.account), \(record), \(account), \(status), \(start)::timestamptz, \(start)::timestamptz + interval '30 minutes',
                \(start)::timestamptz, \(claim), 1, \(clock.now), \(clock.now))
            """, as: .service)
        return id.description
    }
}
