package import Forms
package import Kernel

/// Which message about a visit is being written: the state or change it tells of.
package struct AppointmentMessageQuery: Input {
    /// What messages tell.
    package enum Kind: String, Sendable, CaseIterable {
        case requested, confirmed, rejected, cancelled, rescheduled, reassigned
    }

    package let appointment: ID<Appointment>
    package let kind: Kind

    private static let form = Form(Field<Kind>.choice("kind", in: .query))

    package static var properties: [Schema.Property] { ByID<Appointment>.properties + form.properties }

    package init(_ source: Source) throws(Problem) {
        appointment = try ByID<Appointment>(source).id
        kind = try Self.form.read(source)
    }
}

/// What a message about a visit says: hospital, doctor and time, and never why or in which department.
package struct AppointmentMessageView: View {
    package let hospitalName: String
    package let doctorName: String?
    /// In the doctor's zone, else the hospital's, which it names: `15 March 2027, 14:00 (Asia/Kathmandu)`.
    package let time: String

    package init(hospitalName: String, doctorName: String?, time: String) {
        self.hospitalName = hospitalName
        self.doctorName = doctorName
        self.time = time
    }

    package static let shape = Shape<AppointmentMessageView>(
        "AppointmentMessage", .text("hospital_name") { $0.hospitalName }, .maybe("doctor_name") { $0.doctorName },
        .text("time") { $0.time })
}
