import API
import Events
import Kernel
import RecordsDomain

extension PrescriptionContent {
    init(_ body: PrescriptionBody) {
        self.init(
            diagnosis: body.diagnosis,
            medicines: body.medicines.map {
                Medicine(
                    name: $0.name, dosage: $0.dosage, frequency: $0.frequency, duration: $0.duration,
                    instructions: $0.instructions)
            }, investigations: body.investigations, followUp: body.followUp, notes: body.notes,
            overrideReason: body.overrideReason)
    }
}

extension PrescriptionView {
    /// - Parameter status: where its visit stands, if that was asked.
    init(_ record: PrescriptionRecord, _ attachments: [AttachmentRecord], status: AppointmentStatus? = nil) {
        let (parties, names, content) = (record.parties, record.names, record.content)
        self.init(
            id: record.id, version: record.version, patient: parties.patient, patientName: names.patient,
            doctor: parties.doctor, doctorName: names.doctor, hospital: parties.hospital,
            hospitalName: names.hospital, appointment: parties.appointment, appointmentStatus: status,
            diagnosis: content.diagnosis, medicines: content.medicines.map { PrescribedMedicine($0) },
            investigations: content.investigations, followUp: content.followUp, notes: content.notes,
            overrideReason: content.overrideReason, warnings: record.warnings.map { MedicineWarningView($0) },
            attachments: attachments.map { AttachmentView($0) }, createdAt: record.createdAt)
    }
}

extension PrescribedMedicine {
    fileprivate init(_ medicine: PrescriptionContent.Medicine) {
        self.init(
            name: medicine.name, dosage: medicine.dosage, frequency: medicine.frequency, duration: medicine.duration,
            instructions: medicine.instructions)
    }
}

extension PrescriptionRecord {
    var fact: PrescriptionFact {
        PrescriptionFact(
            prescription: id, version: version, patient: parties.patient, patientAccount: parties.patientAccount,
            doctor: parties.doctor, doctorAccount: parties.doctorAccount, hospital: parties.hospital,
            hospitalAccount: parties.hospitalAccount, appointment: parties.appointment)
    }

    /// What audit and access rows call it.
    var subject: String { "prescription/\(id)" }
}
