package import Forms
package import JSON
package import Kernel

/// A prescription as a doctor writes it: the whole of it, also when it is revised.
package struct PrescriptionBody: Input, Equatable {
    package let diagnosis: String
    package let medicines: [PrescribedMedicine]
    package let investigations: [String]
    package let followUp: CalendarDate?
    package let notes: String?
    /// Why it is prescribed although a severe warning speaks against it.
    package let overrideReason: String?

    private static let form = Form(
        .text("diagnosis", 1...500, multiline: true),
        Field<[PrescribedMedicine]>.objects(
            "medicines", PrescribedMedicine.form.properties, atMost: 50, read: PrescribedMedicine.read
        ).or([]),
        Field<[String]>.texts("investigations", 1...200, atMost: 50).or([]), .unlessBlank(.date("follow_up_date")),
        .unlessBlank(.text("notes", 0...2000, multiline: true)),
        .unlessBlank(.text("override_reason", 10...500, multiline: true)))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let body = Self.read(source, faults)
        try faults.raise()
        guard let body else { throw .internalError }
        self = body
    }

    /// The same beside other fields that add to the same faults.
    static func read(_ source: Source, _ faults: Faults) -> PrescriptionBody? {
        guard let read = form.read(source, into: faults) else { return nil }
        if read.1.isEmpty, read.2.isEmpty, read.4 == nil {
            faults.add("medicines", "Name at least one medicine, an investigation or notes.")
            return nil
        }
        return PrescriptionBody(
            diagnosis: read.0, medicines: read.1, investigations: read.2, followUp: read.3, notes: read.4,
            overrideReason: read.5)
    }

    private init(
        diagnosis: String, medicines: [PrescribedMedicine], investigations: [String], followUp: CalendarDate?,
        notes: String?, overrideReason: String?
    ) {
        self.diagnosis = diagnosis
        self.medicines = medicines
        self.investigations = investigations
        self.followUp = followUp
        self.notes = notes
        self.overrideReason = overrideReason
    }

    package static let example: JSONValue? = [
        "diagnosis": "Acute bronchitis",
        "medicines": [
            [
                "name": "Amoxicillin", "dosage": "500 mg", "frequency": "Three times a day", "duration": "7 days",
                "instructions": "After food",
            ]
        ], "investigations": ["Chest X-ray"], "follow_up_date": "2027-03-22", "notes": "Rest and fluids.",
    ]
}

/// One medicine of a prescription, and how it is to be taken.
package struct PrescribedMedicine: View, Equatable {
    package let name: String
    package let dosage: String
    package let frequency: String
    package let duration: String
    package let instructions: String?

    package init(name: String, dosage: String, frequency: String, duration: String, instructions: String?) {
        self.name = name
        self.dosage = dosage
        self.frequency = frequency
        self.duration = duration
        self.instructions = instructions
    }

    fileprivate static let form = Form(
        .text("name", 1...200), .text("dosage", 1...200), .text("frequency", 1...200), .text("duration", 1...200),
        .unlessBlank(.text("instructions", 0...500, multiline: true)))

    fileprivate static func read(_ source: Source, _ faults: Faults) -> PrescribedMedicine? {
        guard let read = form.read(source, into: faults) else { return nil }
        return PrescribedMedicine(
            name: read.0, dosage: read.1, frequency: read.2, duration: read.3, instructions: read.4)
    }

    package static let shape = Shape<PrescribedMedicine>(
        "PrescribedMedicine", .text("name") { $0.name }, .text("dosage") { $0.dosage },
        .text("frequency") { $0.frequency }, .text("duration") { $0.duration },
        .maybe("instructions") { $0.instructions })
}

/// A new prescription: for a visit, or for a patient who let the doctor see their records.
package struct CreatePrescription: Input, Equatable {
    package let appointment: ID<Appointment>?
    package let patient: ID<Patient>?
    package let body: PrescriptionBody

    private static let form = Form(
        .unlessBlank(.id("appointment_id", of: Appointment.self)), .unlessBlank(.id("patient_id", of: Patient.self)))

    package static let properties = form.properties + PrescriptionBody.properties

    package init(_ source: Source) throws(Problem) {
        let faults = Faults()
        let ids = Self.form.read(source, into: faults)
        if let ids, ids.0 == nil, ids.1 == nil {
            faults.add("appointment_id", "Name the appointment, or the patient as patient_id.")
        }
        let body = PrescriptionBody.read(source, faults)
        try faults.raise()
        guard let ids, let body else { throw .internalError }
        appointment = ids.0
        patient = ids.1
        self.body = body
    }

    package static var example: JSONValue? {
        guard case .object(let members)? = PrescriptionBody.example else { return nil }
        return .object([JSONMember(key: "appointment_id", value: DemoRecord.appointmentToPrescribe.example)] + members)
    }
}
