package import Forms
package import JSON
package import Kernel

/// Which doctor sees a visit, and when.
package struct AssignDoctor: Input {
    package let doctor: ID<Doctor>
    /// Nil for the time it has.
    package let start: Instant?
    package let minutes: Int?
    /// Whether it may stand beside another visit of the doctor.
    package let overbook: Bool
    package let reason: String?

    private static let form = Form(
        .id("doctor_id", of: Doctor.self), .unlessBlank(.visitStart("start")), .optional(.visitLength),
        Field<Bool>.boolean("overbook").or(false), .unlessBlank(.text("reason", 0...500, multiline: true)))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = ["doctor_id": DemoRecord.hospitalDoctor.example]

    package init(_ source: Source) throws(Problem) {
        (doctor, start, minutes, overbook, reason) = try Self.form.read(source)
        if overbook, reason == nil { throw .field("reason", "Say why this visit stands beside another.") }
    }
}

/// The state a visit is to be in.
package struct ChangeAppointmentStatus: Input {
    package let status: AppointmentStatus
    package let reason: String?

    private static let form = Form(
        .choice("status", AppointmentStatus.spellings), .unlessBlank(.text("reason", 0...500, multiline: true)))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = ["status": "CHECKED_IN"]

    package init(_ source: Source) throws(Problem) { (status, reason) = try Self.form.read(source) }
}

/// Why a visit is cancelled, where somebody says so.
package struct CancelAppointment: Input {
    package let reason: String?

    private static let form = Form(.unlessBlank(.text("reason", 0...500, multiline: true)))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = ["reason": "Feeling better"]

    package init(_ source: Source) throws(Problem) { reason = try Self.form.read(source) }
}

/// The time a visit is moved to.
package struct RescheduleAppointment: Input {
    package let start: Instant
    package let slot: SlotID?
    /// Nil for the slot's length, or the one it has.
    package let minutes: Int?

    private static let form = Form(
        .unlessBlank(.visitStart("start")), .unlessBlank(.slot("slot_id")), .optional(.visitLength))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = ["start": "2027-03-16T10:00:00Z"]

    package init(_ source: Source) throws(Problem) {
        let (given, slot, minutes) = try Self.form.read(source)
        guard let start = slot?.start ?? given else { throw .field("start", "This field is required.") }
        if let given, given != start { throw .field("start", "Must be the start of the slot, or left out.") }
        self.start = start
        self.slot = slot
        self.minutes = minutes
    }
}

/// The prescription that ends a visit.
package struct CompleteAppointment: Input {
    package let prescription: ID<Prescription>

    private static let form = Form(.id("prescription_id", of: Prescription.self))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = ["prescription_id": "0190a5e4-7c1b-7d2e-8f3a-4b5c6d7e8f90"]

    package init(_ source: Source) throws(Problem) { prescription = try Self.form.read(source) }

    package init(prescription: ID<Prescription>) { self.prescription = prescription }

    /// The body for it.
    package var json: JSONValue { ["prescription_id": .string(prescription.description)] }
}

extension AppointmentStatus {
    /// The contract's words in small letters, and with a blank or a dash for their underscore.
    static let spellings: [String: AppointmentStatus] = {
        var spellings: [String: AppointmentStatus] = [:]
        for status in allCases {
            let word = status.rawValue.lowercased()
            for written in [word, word.replacing("_", with: "-"), word.replacing("_", with: " ")] {
                spellings[written] = status
            }
        }
        return spellings
    }()
}
