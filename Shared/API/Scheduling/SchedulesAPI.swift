package import Kernel

/// Doctors' hours, and the slots that follow from them. The doctor's entry itself is registry's.
package enum SchedulesAPI {
    package static let declarations: [Declaration] = [
        schedule.declaration, replaceSchedule.declaration, addException.declaration, removeException.declaration,
        slots.declaration,
    ]

    private static let writers: Access = .roles([.hospital, .doctor])

    package static let schedule = Endpoint(
        .get, "/api/doctors/{id}/schedule", "getSchedule", of: .scheduling, for: writers, takes: ByID<Doctor>.self,
        gives: Item<ScheduleView>.self, says: "Schedule retrieved successfully.",
        summary: "A doctor's hours, also before there are any.", tag: "Schedules",
        of: .hospitalDoctor)

    package static let replaceSchedule = Endpoint(
        .put, "/api/doctors/{id}/schedule", "replaceSchedule", of: .scheduling, for: writers,
        takes: WithID<Doctor, ScheduleBody>.self, gives: Item<ChangedScheduleView>.self,
        says: "Schedule updated successfully.",
        summary: "Replaces a doctor's hours, and names the visits ahead that lie outside them now.",
        tag: "Schedules", refuses: [.preconditionFailed], of: .hospitalDoctor)

    package static let addException = Endpoint(
        .post, "/api/doctors/{id}/schedule/exceptions", "addScheduleException", of: .scheduling, for: writers,
        takes: WithID<Doctor, ScheduleExceptionBody>.self, gives: Created<AddedExceptionView>.self,
        says: "Exception added successfully.",
        summary: "Closes a day, gives it other hours, or takes time off; names the visits ahead that it hits.",
        tag: "Schedules", refuses: [.conflict], of: .hospitalDoctor)

    package static let removeException = Endpoint(
        .delete, "/api/doctors/{id}/schedule/exceptions/{exception_id}", "removeScheduleException", of: .scheduling,
        for: writers, takes: ScheduleExceptionPath.self, gives: Done.self, says: "Exception removed successfully.",
        summary: "The day is as the usual week has it again.", tag: "Schedules",
        of: .hospitalDoctor)

    package static let slots = Endpoint(
        .get, "/api/doctors/{id}/slots", "getSlots", of: .scheduling, for: .authenticated, takes: SlotsQuery.self,
        gives: Item<SlotsView>.self, says: "Slots retrieved successfully.",
        summary: "A doctor's free slots; for a patient without those at which they are busy.", tag: "Schedules",
        of: .hospitalDoctor)
}
