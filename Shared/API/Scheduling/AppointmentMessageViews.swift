package import Forms
import JSON
package import Kernel

/// Which message about a visit is being written: what it tells, whom, and of which start.
package struct AppointmentMessageQuery: Input {
    /// What messages tell.
    package enum Kind: String, Sendable, CaseIterable {
        case requested, confirmed, rejected, cancelled, rescheduled, reassigned, reminder
    }

    package let appointment: ID<Appointment>
    package let kind: Kind
    /// When the visit began by the event that is told of: once it has been moved away from, nothing is told of it. Nil
    /// of a message of an earlier release, which did not note it.
    package let start: Instant?
    /// Who is written to.
    package let account: ID<Account>

    private static let form = Form(
        Field<Kind>.choice("kind", in: .query), .optional(.instant("start", in: .query)),
        .id("account_id", of: Account.self, in: .query))

    package static var properties: [Schema.Property] { ByID<Appointment>.properties + form.properties }

    package init(_ source: Source) throws(Problem) {
        appointment = try ByID<Appointment>(source).id
        (kind, start, account) = try Self.form.read(source)
    }
}

/// What a message about a visit says: hospital, doctor and time, and never why or in which department.
package struct AppointmentMessageView: View {
    package let hospitalName: String
    package let doctorName: String?
    /// In the doctor's zone, else the hospital's, which it names: `15 March 2027, 14:00 (Asia/Kathmandu)`.
    package let time: String
    /// Where the message changes what calendars show.
    package let calendar: CalendarPartView?

    package init(hospitalName: String, doctorName: String?, time: String, calendar: CalendarPartView?) {
        self.hospitalName = hospitalName
        self.doctorName = doctorName
        self.time = time
        self.calendar = calendar
    }

    package static let shape = Shape<AppointmentMessageView>(
        "AppointmentMessage", .text("hospital_name") { $0.hospitalName }, .maybe("doctor_name") { $0.doctorName },
        .text("time") { $0.time }, .maybeView("calendar") { $0.calendar })
}

/// A calendar file that goes with a message (RFC 6047).
package struct CalendarPartView: View, Equatable {
    /// What calendars do with the file (RFC 5546): take it in, or take its event out.
    package enum Method: String, Sendable, CaseIterable {
        case publish = "PUBLISH"
        case cancel = "CANCEL"
    }

    package let method: Method
    package let text: String

    package init(method: Method, text: String) {
        self.method = method
        self.text = text
    }

    package static let shape = Shape<CalendarPartView>(
        "CalendarPart", .choice("method", Method.allCases.map(\.rawValue)) { $0.method.rawValue },
        .text("text") { $0.text })
}
