package import Forms
package import Kernel

/// Which message about an offer of the waitlist is being written.
package struct WaitlistMessageQuery: Input {
    /// What messages tell.
    package enum Kind: String, Sendable, CaseIterable {
        case offered, passed
    }

    package let entry: ID<WaitlistEntry>
    package let kind: Kind
    /// When the offered time begins. Nil of a message of an earlier release, which did not note it.
    package let start: Instant?

    private static let form = Form(Field<Kind>.choice("kind", in: .query), .optional(.instant("start", in: .query)))

    package static var properties: [Schema.Property] { ByID<WaitlistEntry>.properties + form.properties }

    package init(_ source: Source) throws(Problem) {
        entry = try ByID<WaitlistEntry>(source).id
        (kind, start) = try Self.form.read(source)
    }
}

/// What a message about an offer says: hospital, doctor and times, and never why somebody waits.
package struct WaitlistMessageView: View {
    package let hospitalName: String
    package let doctorName: String?
    /// In the doctor's zone, else the hospital's, which it names.
    package let time: String
    /// Until when the time is kept; nil once it is not any more.
    package let until: String?

    package init(hospitalName: String, doctorName: String?, time: String, until: String?) {
        self.hospitalName = hospitalName
        self.doctorName = doctorName
        self.time = time
        self.until = until
    }

    package static let shape = Shape<WaitlistMessageView>(
        "WaitlistMessage", .text("hospital_name") { $0.hospitalName }, .maybe("doctor_name") { $0.doctorName },
        .text("time") { $0.time }, .maybe("until") { $0.until })
}
