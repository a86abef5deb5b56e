extension EventSource {
    package static let scheduling = EventSource(
        name: "scheduling",
        events: Event.ofSchedules + Event.ofQueues + Event.ofWaitlist
            + Event.ofReminders)
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

/// The events of the waitlist.
extension Event {
    static let ofWaitlist: [any EventDeclaration] = [waitlistOffered, waitlistPassed]

    package static let waitlistOffered = EventType(
        "scheduling.waitlist_offered.v1", outside: "waitlist.offered", WaitlistFact.shape, audit: "waitlist.offered",
        means: "A freed time is kept for 15 minutes for who waits.")
    package static let waitlistPassed = EventType(
        "scheduling.waitlist_passed.v1", outside: "waitlist.passed", WaitlistFact.shape, audit: "waitlist.passed",
        means: "An offer was not taken in time and is handed on.")
}

/// The events of reminders.
extension Event {
    static let ofReminders: [any EventDeclaration] = [reminderDue]

    package static let reminderDue = EventType(
        "scheduling.reminder_due.v1", outside: "appointment.reminder", ReminderFact.shape,
        audit: "appointment.reminder_due", means: "A confirmed visit is a day or an hour ahead.")
}
