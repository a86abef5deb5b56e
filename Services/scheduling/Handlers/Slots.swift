package import API
import Chassis
import Kernel
import SchedulingDomain
package import Web

/// `GET /api/doctors/{id}/slots`: a doctor's free slots, for everybody signed in.
package struct Slots: Sendable {
    let directory: any DirectorySource
    let schedules: ScheduleStore
    let slots: SlotStore
    let clock: any WallClock

    package func list(_ query: SlotsQuery, _ call: Call) async throws -> Item<SlotsView> {
        let caller = try call.requireCaller()
        let now = clock.now
        let found = try await schedules.find(query.doctor, at: now)
        let (doctor, hospital) = try await doctor(query.doctor, at: found?.schedule.hospital, call)
        let days = try SlotDays(from: query.from, to: query.to, today: found?.today ?? now.date)
        guard let schedule = found?.schedule else {
            return Item(
                SlotsView(
                    doctor: doctor.id, timezone: hospital?.timezone ?? "UTC",
                    slotMinutes: DoctorSchedule.usualSlotMinutes, slots: []))
        }
        let isOpen = doctor.isActive && hospital?.isBookable == true
        let patient = caller.role == .patient ? caller.account : nil
        let free = isOpen ? try await slots.free(of: doctor.id, days, for: patient, at: now) : []
        return Item(
            SlotsView(
                doctor: doctor.id, timezone: schedule.timezone, slotMinutes: schedule.slotMinutes,
                slots: free.map { SlotView($0) }))
    }

    /// - Parameter hospital: where it is known already, so that one question is enough.
    private func doctor(
        _ id: ID<Doctor>, at hospital: ID<Hospital>?, _ call: Call
    ) async throws -> (DoctorCard, HospitalCard?) {
        let known = DirectoryQuery(hospitals: hospital.map { [$0] } ?? [], doctors: [id])
        let entries = try await directory.entries(known, for: call.origin, until: call.deadline)
        guard let doctor = entries.doctors.first(where: { $0.id == id }) else { throw Problem.notFound }
        guard hospital == nil, let employer = doctor.hospital else {
            return (doctor, entries.hospitals.first { $0.id == doctor.hospital })
        }
        let more = try await directory.entries(
            DirectoryQuery(hospitals: [employer]), for: call.origin, until: call.deadline)
        return (doctor, more.hospitals.first { $0.id == employer })
    }
}

extension HospitalCard {
    /// Whether visits can be booked there.
    var isBookable: Bool { status == .approved && isActive }
}
