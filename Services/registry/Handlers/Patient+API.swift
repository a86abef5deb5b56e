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
        self.init(record.details, id: record.id, createdAt: record.createdAt, updatedAt: record.updatedAt)
    }

    private init(_ details: borrowing PatientDetails, id: ID<Patient>, createdAt: Instant, updatedAt: Instant) {
        self.init(
            id: id, firstName: JSONString(details.firstName), lastName: JSONString(details.lastName), createdAt: createdAt,
            updatedAt: updatedAt)
        email = (details.email?.text).map(JSONString.init)
        phone = details.phone.map(JSONString.init)
        dateOfBirth = (details.dateOfBirth?.description).map(JSONString.init)
        gender = (details.gender?.rawValue).map(JSONString.init)
        bloodGroup = (details.bloodGroup?.rawValue).map(JSONString.init)
        allergies = details.allergies.map(JSONString.init)
        medicalHistory = (details.medicalHistory?.text).map(JSONString.init)
        currentMedications = details.currentMedications.map(JSONString.init)
        emergencyContactName = details.emergencyContactName.map(JSONString.init)
        emergencyContactPhone = details.emergencyContactPhone.map(JSONString.init)
        address = details.address.map(JSONString.init)
        city = details.city.map(JSONString.init)
        state = details.state.map(JSONString.init)
        country = details.country.map(JSONString.init)
    }
}
