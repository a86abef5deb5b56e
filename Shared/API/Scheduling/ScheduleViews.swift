import Forms
import JSON
package import Kernel

/// A doctor's schedule as the hospital and the doctor see it. Without hours there are no slots, and any time can be
/// asked for.
package struct ScheduleView: View {
    package let doctor: ID<Doctor>
    package let timezone: String
    package let slotMinutes: Int
    package let bufferMinutes: Int
    package let minimumNoticeMinutes: Int
    package let horizonDays: Int
    package let cancelCutoffMinutes: Int
    package let autoConfirm: Bool
    package let weeklyHours: WeeklyHours
    /// Those that are not over.
    package let exceptions: [ScheduleExceptionView]

    package init(
        doctor: ID<Doctor>, timezone: String, slotMinutes: Int, bufferMinutes: Int, minimumNoticeMinutes: Int,
        horizonDays: Int, cancelCutoffMinutes: Int, autoConfirm: Bool, weeklyHours: WeeklyHours,
        exceptions: [ScheduleExceptionView]
    ) {
        self.doctor = doctor
        self.timezone = timezone
        self.slotMinutes = slotMinutes
        self.bufferMinutes = bufferMinutes
        self.minimumNoticeMinutes = minimumNoticeMinutes
        self.horizonDays = horizonDays
        self.cancelCutoffMinutes = cancelCutoffMinutes
        self.autoConfirm = autoConfirm
        self.weeklyHours = weeklyHours
        self.exceptions = exceptions
    }

    package static let shape = Shape<ScheduleView>(
        "Schedule", .id("doctor_id") { $0.doctor }, .text("timezone") { $0.timezone },
        .integer("slot_minutes") { $0.slotMinutes }, .integer("buffer_minutes") { $0.bufferMinutes },
        .integer("minimum_notice_minutes") { $0.minimumNoticeMinutes }, .integer("horizon_days") { $0.horizonDays },
        .integer("cancel_cutoff_minutes") { $0.cancelCutoffMinutes }, .boolean("auto_confirm") { $0.autoConfirm },
        weekly, .views("exceptions") { $0.exceptions })

    private static let weekly = ViewField<ScheduleView>(
        "weekly_hours", .object(Weekday.allCases.map { Schema.Property($0.name, .timeWindows, isRequired: false) })
    ) { view, json in
        json.object { json in
            for (day, windows) in view.weeklyHours.days.sorted(by: { $0.key < $1.key }) {
                json.key(day.name)
                windows.write(to: &json)
            }
        }
    }
}

/// The schedule after a change, and the visits ahead that lie outside the hours now; nothing is moved by itself.
package struct ChangedScheduleView: View {
    package let schedule: ScheduleView
    package let affected: [ID<Appointment>]

    package init(_ schedule: ScheduleView, affected: [ID<Appointment>]) {
        self.schedule = schedule
        self.affected = affected
    }

    package static let shape = Shape<ChangedScheduleView>(
        "ChangedSchedule", ScheduleView.shape.of(\.schedule), .ids("affected") { $0.affected })
}

/// A day or a stretch of time that is different from the usual week.
package struct ScheduleExceptionView: View {
    package let id: ID<ScheduleException>
    package let kind: ScheduleExceptionBody.Kind
    package let date: CalendarDate?
    package let start: Instant?
    package let end: Instant?
    package let hours: [TimeWindow]
    package let note: String?

    package init(
        id: ID<ScheduleException>, kind: ScheduleExceptionBody.Kind, date: CalendarDate?, start: Instant?,
        end: Instant?, hours: [TimeWindow], note: String?
    ) {
        self.id = id
        self.kind = kind
        self.date = date
        self.start = start
        self.end = end
        self.hours = hours
        self.note = note
    }

    package static let shape = Shape<ScheduleExceptionView>(
        "ScheduleException", .id("id") { $0.id },
        .choice("kind", ScheduleExceptionBody.Kind.allCases.map(\.rawValue)) { $0.kind.rawValue },
        .maybeDate("date") { $0.date }, .maybeInstant("start") { $0.start }, .maybeInstant("end") { $0.end },
        ViewField("hours", .timeWindows) { view, json in view.hours.write(to: &json) }, .maybe("note") { $0.note })
}

/// A new exception, and the visits ahead that it hits.
package struct AddedExceptionView: View {
    package let exception: ScheduleExceptionView
    package let affected: [ID<Appointment>]

    package init(_ exception: ScheduleExceptionView, affected: [ID<Appointment>]) {
        self.exception = exception
        self.affected = affected
    }

    package static let shape = Shape<AddedExceptionView>(
        "AddedScheduleException", ScheduleExceptionView.shape.of(\.exception), .ids("affected") { $0.affected })
}
