package import API
import Kernel
package import SchedulingDomain

extension DoctorSchedule {
    init(_ body: ScheduleBody, of staff: DoctorAccess.Staff) {
        self.init(
            doctor: staff.doctor.id, hospital: staff.hospital.id, timezone: body.timezone,
            slotMinutes: body.slotMinutes, bufferMinutes: body.bufferMinutes,
            minimumNoticeMinutes: body.minimumNoticeMinutes, horizonDays: body.horizonDays,
            cancelCutoffMinutes: body.cancelCutoffMinutes, autoConfirm: body.autoConfirm,
            weeklyHours: body.weeklyHours)
    }
}

extension ScheduleView {
    init(_ schedule: DoctorSchedule, _ exceptions: [HoursException]) {
        self.init(
            doctor: schedule.doctor, timezone: schedule.timezone, slotMinutes: schedule.slotMinutes,
            bufferMinutes: schedule.bufferMinutes, minimumNoticeMinutes: schedule.minimumNoticeMinutes,
            horizonDays: schedule.horizonDays, cancelCutoffMinutes: schedule.cancelCutoffMinutes,
            autoConfirm: schedule.autoConfirm, weeklyHours: schedule.weeklyHours,
            exceptions: exceptions.map { ScheduleExceptionView($0) })
    }
}

extension HoursException.Difference {
    init(_ difference: ScheduleExceptionBody.Difference) {
        switch difference {
        case .closed(let day): self = .closed(day)
        case .hours(let day, let windows): self = .hours(day, windows)
        case .away(let during): self = .away(during)
        }
    }
}

extension ScheduleExceptionView {
    init(_ exception: HoursException) {
        switch exception.difference {
        case .closed(let day): self.init(exception, .closed, date: day)
        case .hours(let day, let windows): self.init(exception, .hours, date: day, hours: windows)
        case .away(let during): self.init(exception, .away, during: during)
        }
    }

    private init(
        _ exception: HoursException, _ kind: ScheduleExceptionBody.Kind, date: CalendarDate? = nil,
        during: Range<Instant>? = nil, hours: [TimeWindow] = []
    ) {
        self.init(
            id: exception.id, kind: kind, date: date, start: during?.lowerBound, end: during?.upperBound, hours: hours,
            note: exception.note)
    }
}

extension SlotView {
    package init(_ slot: Slot) { self.init(id: slot.id, end: slot.end, localStart: slot.localStart, hold: slot.hold) }
}
