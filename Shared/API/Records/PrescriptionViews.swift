import Forms
package import Kernel

/// One version of a prescription, with the people and the place as they were called when it was written.
package struct PrescriptionView: View, Equatable {
    package let id: ID<Prescription>
    package let version: Int
    package let patient: ID<Patient>
    package let patientName: String
    /// Nil of a doctor who has no entry in the directory.
    package let doctor: ID<Doctor>?
    package let doctorName: String
    package let hospital: ID<Hospital>?
    package let hospitalName: String?
    package let appointment: ID<Appointment>?
    /// Nil in lists, without an appointment, and while scheduling does not answer.
    package var appointmentStatus: AppointmentStatus?
    package let diagnosis: String
    package let medicines: [PrescribedMedicine]
    package let investigations: [String]
    package let followUp: CalendarDate?
    package let notes: String?
    package let overrideReason: String?
    /// What the checks said when this version was written.
    package let warnings: [MedicineWarningView]
    /// Files with it, the oldest first; of all versions.
    package let attachments: [AttachmentView]
    package let createdAt: Instant

    package init(
        id: ID<Prescription>, version: Int, patient: ID<Patient>, patientName: String, doctor: ID<Doctor>?,
        doctorName: String, hospital: ID<Hospital>?, hospitalName: String?, appointment: ID<Appointment>?,
        appointmentStatus: AppointmentStatus?, diagnosis: String, medicines: [PrescribedMedicine],
        investigations: [String], followUp: CalendarDate?, notes: String?, overrideReason: String?,
        warnings: [MedicineWarningView], attachments: [AttachmentView], createdAt: Instant
    ) {
        self.id = id
        self.version = version
        self.patient = patient
        self.patientName = patientName
        self.doctor = doctor
        self.doctorName = doctorName
        self.hospital = hospital
        self.hospitalName = hospitalName
        self.appointment = appointment
        self.appointmentStatus = appointmentStatus
        self.diagnosis = diagnosis
        self.medicines = medicines
        self.investigations = investigations
        self.followUp = followUp
        self.notes = notes
        self.overrideReason = overrideReason
        self.warnings = warnings
        self.attachments = attachments
        self.createdAt = createdAt
    }

    package static let shape = Shape<PrescriptionView>(
        "Prescription", .id("id") { $0.id }, .integer("version") { $0.version }, .id("patient_id") { $0.patient },
        .text("patient_name") { $0.patientName }, .maybeID("doctor_id") { $0.doctor },
        .text("doctor_name") { $0.doctorName }, .maybeID("hospital_id") { $0.hospital },
        .maybe("hospital_name") { $0.hospitalName }, .maybeID("appointment_id") { $0.appointment },
        .maybe("appointment_status", .string(oneOf: AppointmentStatus.words)) { $0.appointmentStatus?.rawValue },
        .text("diagnosis") { $0.diagnosis }, .views("medicines") { $0.medicines },
        .texts("investigations") { $0.investigations }, .maybeDate("follow_up_date") { $0.followUp },
        .maybe("notes") { $0.notes }, .maybe("override_reason") { $0.overrideReason },
        .views("warnings") { $0.warnings }, .views("attachments") { $0.attachments },
        .instant("created_at") { $0.createdAt })
}

/// What a message about a prescription says: who wrote it and where, and never what is in it.
package struct PrescriptionMessageView: View {
    package let doctorName: String
    package let hospitalName: String?

    package init(doctorName: String, hospitalName: String?) {
        self.doctorName = doctorName
        self.hospitalName = hospitalName
    }

    package static let shape = Shape<PrescriptionMessageView>(
        "PrescriptionMessage", .text("doctor_name") { $0.doctorName }, .maybe("hospital_name") { $0.hospitalName })
}
