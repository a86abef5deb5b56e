package import Forms
import JSON
package import Kernel

/// Visits in calendars of others: one as a file, all as a feed under a secret address.
package enum CalendarsAPI {
    package static let declarations: [Declaration] = [
        appointment.declaration, makeToken.declaration, removeToken.declaration, feed.declaration,
    ]

    package static let appointment = Endpoint(
        .get, "/api/appointments/{id}/calendar.ics", "getAppointmentCalendar", of: .scheduling, for: .authenticated,
        takes: ByID<Appointment>.self, gives: CalendarFile.self, says: "",
        summary: "One appointment as a calendar file; METHOD:CANCEL once it is cancelled or rejected.",
        tag: "Calendars")

    private static let subscribers: Access = .roles([.patient, .doctor])

    package static let makeToken = Endpoint(
        .post, "/api/calendar/token", "makeCalendarToken", of: .scheduling, for: subscribers,
        gives: Created<CalendarTokenView>.self, says: "Calendar address created successfully.",
        summary: "A secret address of the caller's calendar, shown once; the one before ends.", tag: "Calendars")

    package static let removeToken = Endpoint(
        .delete, "/api/calendar/token", "removeCalendarToken", of: .scheduling, for: subscribers, gives: Done.self,
        says: "Calendar address removed successfully.", summary: "Ends the secret address of the caller's calendar.",
        tag: "Calendars")

    package static let feed = Endpoint(
        .get, "/api/calendar/{token}.ics", "getCalendar", of: .scheduling, for: .anyone, takes: CalendarAddress.self,
        gives: CalendarFile.self, says: "",
        summary: "The calendar under a secret address: what is asked for and agreed, from 30 days back.",
        tag: "Calendars")
}

/// The secret part of a calendar's address.
package struct CalendarAddress: Input {
    package static let properties = [Schema.Property("token", in: .path, .string, isRequired: true)]
    package let token: String

    package init(_ source: Source) throws(Problem) {
        guard case .string(let text)? = source.value("token", in: .path), text.utf8.count <= 100 else {
            throw .notFound
        }
        token = text
    }
}

/// A calendar's address, shown once: both are null when the request is repeated.
package struct CalendarTokenView: View {
    package let token: String?
    package let url: String?

    package init(token: String?, url: String?) {
        self.token = token
        self.url = url
    }

    package static let shape = Shape<CalendarTokenView>(
        "CalendarToken", .maybe("token") { $0.token }, .maybe("url", .string(format: "uri")) { $0.url })
}
