import CLibical
package import Kernel
package import SchedulingDomain

/// Visits as a calendar file (RFC 5545), by libical: it escapes texts and folds lines at 75 octets, between characters.
package enum CalendarText {
    package static let mediaType = "text/calendar; charset=utf-8"

    /// One visit: a new version of it, or that it is over (METHOD:CANCEL).
    package static func of(_ entry: CalendarEntry) throws(Problem) -> String {
        try text(of: [entry], method: entry.status == .cancelled ? ICAL_METHOD_CANCEL : ICAL_METHOD_PUBLISH)
    }

    /// A calendar that a program subscribes to and reads again and again.
    package static func feed(_ entries: [CalendarEntry]) throws(Problem) -> String {
        try text(of: entries, method: ICAL_METHOD_PUBLISH)
    }

    private static func text(of entries: [CalendarEntry], method: icalproperty_method) throws(Problem) -> String {
        guard let calendar = unsafe icalcomponent_new(ICAL_VCALENDAR_COMPONENT) else { throw .internalError }
        defer { unsafe icalcomponent_free(calendar) }
        unsafe icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Praxis//Appointments//EN"))
        unsafe icalcomponent_add_property(calendar, icalproperty_new_version("2.0"))
        unsafe icalcomponent_add_property(calendar, icalproperty_new_method(method))
        for entry in entries {
            guard let event = unsafe icalcomponent_new(ICAL_VEVENT_COMPONENT) else { throw .internalError }
            unsafe icalcomponent_add_component(calendar, event)
            unsafe fill(event, with: entry)
        }
        guard let text = unsafe icalcomponent_as_ical_string_r(calendar) else { throw .internalError }
        defer { unsafe icalmemory_free_buffer(text) }
        return unsafe String(cString: text)
    }

    /// Times in UTC, so that no definition of a zone has to travel along.
    private static func fill(_ event: OpaquePointer, with entry: CalendarEntry) {
        unsafe icalcomponent_add_property(event, icalproperty_new_uid(entry.uid))
        unsafe icalcomponent_add_property(event, icalproperty_new_sequence(Int32(clamping: entry.sequence)))
        unsafe icalcomponent_add_property(event, icalproperty_new_dtstamp(time(entry.changedAt)))
        unsafe icalcomponent_add_property(event, icalproperty_new_dtstart(time(entry.start)))
        unsafe icalcomponent_add_property(event, icalproperty_new_dtend(time(entry.end)))
        unsafe icalcomponent_add_property(event, icalproperty_new_status(status(entry.status)))
        unsafe icalcomponent_add_property(event, icalproperty_new_summary(entry.summary))
        unsafe icalcomponent_add_property(event, icalproperty_new_location(entry.location))
    }

    private static func time(_ instant: Instant) -> icaltimetype {
        unsafe icaltime_from_timet_with_zone(Int(instant.seconds), 0, icaltimezone_get_utc_timezone())
    }

    private static func status(_ status: CalendarEntry.Status) -> icalproperty_status {
        switch status {
        case .tentative: ICAL_STATUS_TENTATIVE
        case .confirmed: ICAL_STATUS_CONFIRMED
        case .cancelled: ICAL_STATUS_CANCELLED
        }
    }
}
