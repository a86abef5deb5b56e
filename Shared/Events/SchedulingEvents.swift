extension EventSource {
    package static let scheduling = EventSource(
        name: "scheduling",
        events: Event.ofSchedules + Event.ofQueues + Event.ofWaitlist
            + Event.ofReminders + Event.ofAppointments)
}

/// The events of doctors' hours.
extension Event {
    static let ofSchedules: [any EventDeclaration] = [
        scheduleUpdated, scheduleExceptionAdded, scheduleExceptionRemoved, scheduleAffected,
    ]

    package static let scheduleUpdated = EventType(
        "scheduling.schedule_updated.v1", ScheduleFact.shape, audit: "schedule.updated",
        means: "A doctor's hours changed.")
    package static let scheduleExceptionAdded = EventType(
        "scheduling.schedule_exception_added.v1", ScheduleFact.shape, audit: "schedule.exception_added",
        means: "A day or a stretch of a doctor's time is different from the usual week.")
    package static let scheduleExceptionRemoved = EventType(
        "scheduling.schedule_exception_removed.v1", ScheduleFact.shape, audit: "schedule.exception_removed",
        means: "An exception from a doctor's usual week is gone.")
    package static let scheduleAffected = EventType(
        "scheduling.schedule_affected.v1", outside: "schedule.affected", ScheduleAffectedFact.shape,
        means: "Visits ahead lie outside a doctor's hours since these changed; at most 200 are named.")
}

/// The events of walk-in queues.
extension Event {
    static let ofQueues: [any EventDeclaration] = [queueChanged]

    package static let queueChanged = EventType(
        "scheduling.queue_changed.v1", outside: "queue.changed", QueueFact.shape, audit: "queue.changed",
        means: "A number of a doctor's queue was given, or came to another status.")
}

/// The events of time that became free.
extension Event {
    static let ofWaitlist: [any EventDeclaration] = [waitlistOffered, waitlistPassed, slotFreed]

    package static let waitlistOffered = EventType(
        "scheduling.waitlist_offered.v1", outside: "waitlist.offered", WaitlistFact.shape, audit: "waitlist.offered",
        means: "A freed time is kept for 15 minutes for who waits.")
    package static let waitlistPassed = EventType(
        "scheduling.waitlist_passed.v1", outside: "waitlist.passed", WaitlistFact.shape, audit: "waitlist.passed",
        means: "An offer was not taken in time and is handed on.")
    package static let slotFreed = EventType(
        "scheduling.slot_freed.v1", outside: "slot.freed", SlotFreedFact.shape,
        means: """
            A doctor has free time again on a day: who had it gave it up, or their hold ran out, and nobody who waits \
            is offered it. Visits that are cancelled because their hospital closed free no time: nobody can book it.
            """)
}

/// The events of reminders.
extension Event {
    static let ofReminders: [any EventDeclaration] = [reminderDue]

    package static let reminderDue = EventType(
        "scheduling.reminder_due.v1", outside: "appointment.reminder", ReminderFact.shape,
        audit: "appointment.reminder_due", means: "A confirmed visit is a day or an hour ahead.")
}

/// What happens to visits. Each carries the ids of all whom it reaches, and nothing that says why they meet.
extension Event {
    static let ofAppointments: [any EventDeclaration] = [
        appointmentRequested, appointmentConfirmed, appointmentRejected, appointmentCancelled, appointmentRescheduled,
        appointmentReassigned, appointmentCheckedIn, appointmentCheckInUndone, appointmentCompleted, appointmentMissed,
    ]

    package static let appointmentRequested = EventType(
        "scheduling.appointment_requested.v1", outside: "appointment.requested", AppointmentFact.shape,
        audit: "appointment_requested", means: "A visit was asked for.")
    package static let appointmentConfirmed = EventType(
        "scheduling.appointment_confirmed.v1", outside: "appointment.confirmed", AppointmentFact.shape,
        audit: "appointment_confirmed", means: "A doctor's time was agreed.")
    package static let appointmentRejected = EventType(
        "scheduling.appointment_rejected.v1", outside: "appointment.rejected", AppointmentFact.shape,
        audit: "appointment_rejected", means: "A hospital did not accept a visit.")
    package static let appointmentCancelled = EventType(
        "scheduling.appointment_cancelled.v1", outside: "appointment.cancelled", AppointmentFact.shape,
        audit: "appointment_cancelled", means: "A visit will not take place.")
    package static let appointmentRescheduled = EventType(
        "scheduling.appointment_rescheduled.v1", outside: "appointment.rescheduled", AppointmentFact.shape,
        audit: "appointment_rescheduled", means: "A visit has another time.")
    package static let appointmentReassigned = EventType(
        "scheduling.appointment_reassigned.v1", outside: "appointment.reassigned", AppointmentFact.shape,
        audit: "appointment_reassigned", means: "A confirmed visit has another doctor, and perhaps another time.")
    package static let appointmentCheckedIn = EventType(
        "scheduling.appointment_checked_in.v1", outside: "appointment.checked_in", AppointmentFact.shape,
        audit: "appointment_checked_in", means: "The patient of a visit has come.")
    package static let appointmentCheckInUndone = EventType(
        "scheduling.appointment_check_in_undone.v1", outside: "appointment.check_in_undone", AppointmentFact.shape,
        audit: "appointment_check_in_undone", means: "The patient of a visit had not come after all.")
    package static let appointmentCompleted = EventType(
        "scheduling.appointment_completed.v1", outside: "appointment.completed", AppointmentFact.shape,
        audit: "appointment_completed", means: "A visit took place.")
    package static let appointmentMissed = EventType(
        "scheduling.appointment_missed.v1", outside: "appointment.no_show", AppointmentFact.shape,
        audit: "appointment_no_show", means: "The patient of a visit did not come.")
}
