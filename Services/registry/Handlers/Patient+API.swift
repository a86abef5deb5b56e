import API
import JSON
import Kernel
import RegistryDomain

// From what a client writes to what the domain keeps, and back.

extension PatientDetails {
    init(_ body: PatientBody) {
        self.init(firstName: body.firstName, lastName: body.lastName)
        email = body.email
        phone = body.phone
        dateOfBirth = body.dateOfBirth
        gender = body.gender
        bloodGroup = body.bloodGroup
        allergies = body.allergies
        medicalHistory = body.medicalHistory.map { .text($0) }
        currentMedications = body.currentMedications
        emergencyContactName = body.emergencyContactName
        emergencyContactPhone = body.emergencyContactPhone
        address = body.address
        city = body.city
        state = body.state
        country = body.country
    }

    /// What the body says, and of these details what it has no words for: those are another route's (seeds X11).
    func rewritten(as body: PatientBody) -> PatientDetails {
        var details = PatientDetails(body)
        details.medicalHistory = body.medicalHistory.map { medicalHistory?.rewritten(as: $0) ?? .text($0) }
        details.insuranceProvider = insuranceProvider
        details.insurancePolicyNumber = insurancePolicyNumber
        details.zip = zip
        let hasContact = details.emergencyContactName != nil || details.emergencyContactPhone != nil
        details.emergencyContactRelationship = hasContact ? emergencyContactRelationship : nil
        return details
    }
}

extension PatientBody {
    init(_ details: PatientDetails) {
        self.init(firstName: details.firstName, lastName: details.lastName)
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

extension PatientView {
    init(_ record: borrowing PatientRecord) {
        self.init(
            id: record.id, texts: Self.texts(of: record.details), createdAt: record.createdAt,
            updatedAt: record.updatedAt)
    }

    private static func texts(of details: borrowing PatientDetails) -> JSONStrings {
        var texts = JSONStrings()
        texts.append(.firstName, details.firstName)
        texts.append(.lastName, details.lastName)
        texts.append(.email, details.email?.text)
        texts.append(.phone, details.phone)
        texts.append(.dateOfBirth, details.dateOfBirth?.description)
        texts.append(.gender, details.gender?.rawValue)
        texts.append(.bloodGroup, details.bloodGroup?.rawValue)
        texts.append(.allergies, details.allergies)
        texts.append(.medicalHistory, details.medicalHistory?.text)
        texts.append(.currentMedications, details.currentMedications)
        texts.append(.emergencyContactName, details.emergencyContactName)
        texts.append(.emergencyContactPhone, details.emergencyContactPhone)
        texts.append(.address, details.address)
        texts.append(.city, details.city)
        texts.append(.state, details.state)
        texts.append(.country, details.country)
        return texts
    }
}
