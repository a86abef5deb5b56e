package import Forms
package import JSON
package import Kernel

/// What a visit is asked for with: where, with whom, when, why.
package struct BookAppointment: Input {
    package let hospital: ID<Hospital>
    package let department: ID<Department>?
    package let doctor: ID<Doctor>?
    /// Named by a front desk.
    package let patient: ID<Patient>?
    package let requestedTime: Instant?
    package let slot: SlotID?
    package let hold: ID<Claim>?
    package let reason: String
    package let notes: String?

    private static let form = Form(
        .id("hospital_id", of: Hospital.self), .unlessBlank(.id("department_id", of: Department.self)),
        .unlessBlank(.id("doctor_id", of: Doctor.self)), .unlessBlank(.id("patient_id", of: Patient.self)),
        .unlessBlank(.visitStart("requested_time")), .unlessBlank(.slot("slot_id")),
        .unlessBlank(.id("hold_id", of: Claim.self)), .text("reason", 1...500, multiline: true),
        .unlessBlank(.text("notes", 0...2000, multiline: true)))

    package static var properties: [Schema.Property] { form.properties }

    package static let example: JSONValue? = [
        "hospital_id": DemoRecord(Hospital.self).example, "department_id": DemoRecord(Department.self).example,
        "requested_time": "2027-03-15T10:00:00Z", "reason": "Chest pain since yesterday",
    ]

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let read = Self.form.read(source, into: faults)
        if let read {
            if read.4 == nil, read.5 == nil, read.6 == nil { faults.add("requested_time", "This field is required.") }
            if let start = read.4, let slot = read.5, slot.start != start {
                faults.add("requested_time", "Must be the start of the slot, or left out.")
            }
            if let doctor = read.2, let slot = read.5, slot.doctor != doctor {
                faults.add("slot_id", "Must be a slot of the doctor.")
            }
        }
        try faults.raise()
        guard let read else { throw .internalError }
        (hospital, department, doctor, patient, requestedTime, slot, hold, reason, notes) = read
    }

    /// The doctor asked for, by name or by slot.
    package var wantedDoctor: ID<Doctor>? { doctor ?? slot?.doctor }
    package var wantedStart: Instant? { slot?.start ?? requestedTime }
}
