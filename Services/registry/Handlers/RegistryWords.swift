import API
import RegistryDomain

// From what a client writes to what the domain keeps, and back.

extension PatientDetails {
    init(_ body: PatientBody) {
        self.init(firstName: body.firstName, lastName: body.lastName)
        (email, phone, dateOfBirth) = (body.email, body.phone, body.dateOfBirth)
        (gender, bloodGroup, allergies) = (body.gender, body.bloodGroup, body.allergies)
        (medicalHistory, currentMedications) = (body.medicalHistory.map { .text($0) }, body.currentMedications)
        (emergencyContactName, emergencyContactPhone) = (body.emergencyContactName, body.emergencyContactPhone)
        (address, city, state, country) = (body.address, body.city, body.state, body.country)
    }

    /// What the body says, and of these details what it has no words for: those are another route's (seeds X11).
    func rewritten(as body: PatientBody) -> PatientDetails {
        var details = PatientDetails(body)
        details.medicalHistory = body.medicalHistory.map { medicalHistory?.rewritten(as: $0) ?? .text($0) }
        (details.insuranceProvider, details.insurancePolicyNumber) = (insuranceProvider, insurancePolicyNumber)
        details.zip = zip
        let hasContact = details.emergencyContactName != nil || details.emergencyContactPhone != nil
        details.emergencyContactRelationship = hasContact ? emergencyContactRelationship : nil
        return details
    }
}

extension PatientBody {
    init(_ details: PatientDetails) {
        self.init(firstName: details.firstName, lastName: details.lastName)
        (email, phone, dateOfBirth) = (details.email, details.phone, details.dateOfBirth)
        (gender, bloodGroup, allergies) = (details.gender, details.bloodGroup, details.allergies)
        (medicalHistory, currentMedications) = (details.medicalHistory?.text, details.currentMedications)
        (emergencyContactName, emergencyContactPhone) = (details.emergencyContactName, details.emergencyContactPhone)
        (address, city, state, country) = (details.address, details.city, details.state, details.country)
    }
}

extension PatientView {
    init(_ record: PatientRecord) {
        self.init(
            id: record.id, body: PatientBody(record.details), fullName: record.details.fullName,
            createdAt: record.createdAt, updatedAt: record.updatedAt)
    }
}

extension DoctorDetails {
    init(_ body: DoctorBody) {
        self.init(
            firstName: body.firstName, lastName: body.lastName, specialization: body.specialization,
            isAvailable: body.isAvailable)
        (email, phone, licenseNumber) = (body.email, body.phone, body.licenseNumber)
        (yearsOfExperience, qualification, bio) = (body.yearsOfExperience, body.qualification, body.bio)
        (consultationFee, hospitalName) = (body.consultationFee, body.hospitalName)
        (city, state, country) = (body.city, body.state, body.country)
    }
}

extension DoctorBody {
    init(_ details: DoctorDetails) {
        self.init(firstName: details.firstName, lastName: details.lastName, specialization: details.specialization)
        (email, phone, licenseNumber) = (details.email, details.phone, details.licenseNumber)
        (yearsOfExperience, qualification, bio) = (details.yearsOfExperience, details.qualification, details.bio)
        (consultationFee, isAvailable, hospitalName) = (
            details.consultationFee, details.isAvailable, details.hospitalName
        )
        (city, state, country) = (details.city, details.state, details.country)
    }
}

extension DoctorView {
    init(_ entry: DoctorEntry) {
        self.init(
            id: entry.id, displayName: entry.details.displayName, body: DoctorBody(entry.details),
            createdAt: entry.createdAt, updatedAt: entry.updatedAt)
    }
}

extension MappingView {
    init(_ mapping: CareMapping, _ doctor: DoctorEntry) {
        self.init(
            id: mapping.id, patient: mapping.patient, doctor: DoctorView(doctor), isPrimary: mapping.isPrimary,
            notes: mapping.notes, assignedAt: mapping.assignedAt)
    }

    init(_ shown: MappingStore.Shown) { self.init(shown.mapping, shown.doctor) }
}
