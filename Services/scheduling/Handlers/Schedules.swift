package import API
import Chassis
import Events
package import Kernel
import Postgres
import SchedulingDomain
package import Web

/// `/api/doctors/{id}/schedule`: a doctor's hours, for the hospital and the doctor.
package struct Schedules: Sendable {
    let access: DoctorAccess
    let schedules: ScheduleStore
    let exceptions: ScheduleExceptionStore
    let zones: TimeZoneStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func show(_ input: ByID<Doctor>, _ call: Call) async throws -> Item<ScheduleView> {
        let staff = try await access.staff(input.id, call)
        let now = clock.now
        let found = try await schedules.find(input.id, at: now)
        let schedule = found?.schedule ?? staff.unscheduled
        let list = try await exceptions.list(of: input.id, from: found?.today ?? now.date, at: now)
        return Item(ScheduleView(schedule, list), version: found.map(\.schedule.version))
    }

    package func replace(
        _ input: WithID<Doctor, ScheduleBody>, _ call: Call
    ) async throws -> Item<ChangedScheduleView> {
        let staff = try await access.staff(input.id, call)
        guard try await zones.knows(input.body.timezone) else {
            throw Problem.field("timezone", "Enter the name of a time zone, for example America/New_York.")
        }
        let wanted = DoctorSchedule(input.body, of: staff)
        let fact = staff.fact(by: call.caller)
        let now = clock.now
        let list = try await exceptions.list(of: input.id, from: now.date, at: now)
        return try await unit.write(call) { tx in
            let current = try await schedules.lock(input.id, in: tx)
            if let current { try call.condition.check(current.version) }
            let version = try await schedules.replace(wanted, at: now, in: tx)
            let affected = try await schedules.outsideHours(of: input.id, at: now, in: tx)
            try await ledger.record(
                .scheduleUpdated(fact), with: fact.affectedEvents(affected), from: call.origin, in: tx)
            return Item(ChangedScheduleView(ScheduleView(wanted, list), affected: affected), version: version)
        }
    }

    package func add(
        _ input: WithID<Doctor, ScheduleExceptionBody>, _ call: Call
    ) async throws -> Created<AddedExceptionView> {
        let staff = try await access.staff(input.id, call)
        let now = clock.now
        let exception = HoursException(
            id: .make(at: now), doctor: staff.doctor.id, hospital: staff.hospital.id,
            difference: HoursException.Difference(input.body.difference), note: input.body.note)
        let fact = staff.fact(by: call.caller)
        return try await unit.write(call) { tx in
            let zone = try await schedules.find(input.id, in: tx)?.timezone ?? staff.hospital.timezone
            try await exceptions.insert(exception, at: now, in: tx)
            let affected = try await schedules.outsideHours(
                of: input.id, within: exception, zone: zone, at: now, in: tx)
            try await ledger.record(
                .scheduleExceptionAdded(fact), with: fact.affectedEvents(affected), from: call.origin, in: tx)
            return Created(
                AddedExceptionView(ScheduleExceptionView(exception), affected: affected),
                at: "/api/doctors/\(input.id)/schedule")
        }
    }

    package func remove(_ input: ScheduleExceptionPath, _ call: Call) async throws -> Done {
        let staff = try await access.staff(input.doctor, call)
        return try await unit.write(call) { tx in
            guard try await exceptions.remove(input.exception, of: input.doctor, in: tx) else {
                throw Problem.notFound
            }
            try await ledger.record(.scheduleExceptionRemoved(staff.fact(by: call.caller)), from: call.origin, in: tx)
            return Done()
        }
    }
}

extension DoctorAccess.Staff {
    func fact(by actor: Caller?) -> ScheduleFact {
        ScheduleFact(
            doctor: doctor.id, hospital: hospital.id, doctorAccount: doctor.account, hospitalAccount: hospital.account,
            actor: actor?.account)
    }

    /// What holds before there is a schedule.
    var unscheduled: DoctorSchedule {
        DoctorSchedule(doctor: doctor.id, hospital: hospital.id, timezone: hospital.timezone)
    }
}

extension ScheduleFact {
    /// What is told of visits that a change hits; at most 200 of them are named.
    fileprivate func affectedEvents(_ appointments: [ID<Appointment>]) -> [Event] {
        if appointments.isEmpty { return [] }
        let named = Array(appointments.prefix(ScheduleAffectedFact.limit))
        return [.scheduleAffected(ScheduleAffectedFact(schedule: self, appointments: named))]
    }
}
