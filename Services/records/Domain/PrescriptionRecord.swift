package import Kernel

/// Whom a prescription joins, and where.
package struct PrescriptionParties: Sendable, Equatable {
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?
    /// Nil of a doctor who has no entry in the directory.
    package let doctor: ID<Doctor>?
    package let doctorAccount: ID<Account>
    /// Nil of a doctor who works alone.
    package let hospital: ID<Hospital>?
    package let hospitalAccount: ID<Account>?
    /// The visit it was written for.
    package let appointment: ID<Appointment>?

    package init(
        patient: ID<Patient>, patientAccount: ID<Account>?, doctor: ID<Doctor>?, doctorAccount: ID<Account>,
        hospital: ID<Hospital>?, hospitalAccount: ID<Account>?, appointment: ID<Appointment>?
    ) {
        self.patient = patient
        self.patientAccount = patientAccount
        self.doctor = doctor
        self.doctorAccount = doctorAccount
        self.hospital = hospital
        self.hospitalAccount = hospitalAccount
        self.appointment = appointment
    }
}

/// How the people and the place were called when a version was written: a document does not change with them.
package struct PrescriptionNames: Sendable, Equatable {
    package let patient: String
    package let doctor: String
    package let hospital: String?

    package init(patient: String, doctor: String, hospital: String?) {
        self.patient = patient
        self.doctor = doctor
        self.hospital = hospital
    }
}

/// One version of a prescription. None is ever changed: what is to be different is another version.
package struct PrescriptionRecord: Sendable, Equatable {
    package let id: ID<Prescription>
    /// From 1.
    package let version: Int
    package let parties: PrescriptionParties
    package let names: PrescriptionNames
    package let content: PrescriptionContent
    /// What the checks said when it was written.
    package let warnings: [PrescribingWarning]
    package let createdAt: Instant

    package init(
        id: ID<Prescription>, version: Int, parties: PrescriptionParties, names: PrescriptionNames,
        content: PrescriptionContent, warnings: [PrescribingWarning], createdAt: Instant
    ) {
        self.id = id
        self.version = version
        self.parties = parties
        self.names = names
        self.content = content
        self.warnings = warnings
        self.createdAt = createdAt
    }

    /// The version that supersedes this one.
    package func revised(
        to content: PrescriptionContent, named names: PrescriptionNames, warnings: [PrescribingWarning],
        at now: Instant
    ) -> PrescriptionRecord {
        PrescriptionRecord(
            id: id, version: version + 1, parties: parties, names: names, content: content, warnings: warnings,
            createdAt: now)
    }

    /// Whether it was written although a severe warning spoke against it.
    package var isOverridden: Bool {
        content.overrideReason != nil && warnings.contains { $0.severity == .severe }
    }

    /// As it is printed.
    /// - Parameter newest: the newest version there is.
    package func document(newest: Int) -> PrescriptionDocument {
        PrescriptionDocument(
            id: id, version: version, supersededBy: newest > version ? newest : nil, hospitalName: names.hospital,
            doctorName: names.doctor, patientName: names.patient, writtenAt: createdAt,
            content: isOverridden ? content : content.withoutOverride)
    }
}
