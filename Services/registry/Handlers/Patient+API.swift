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
        let details = record.details
        self.init(
            id: record.id, firstName: details.firstName, lastName: details.lastName, fullName: details.fullName,
            createdAt: record.createdAt, updatedAt: record.updatedAt)
        email = details.email
        phone = details.phone
        dateOfBirth = details.dateOfBirth
        gender = details.gender
        bloodGroup = details.bloodGroup
        allergies = details.allergies
        medicalHistory = details.medicalHistory?.text
        currentMedications = details.currentMedications
        emergencyContactName = details.emergencyContactName
        emergencyContactPhone = details.emergencyContactPhone
        address = details.address
        city = details.city
        state = details.state
        country = details.country
    }
}
