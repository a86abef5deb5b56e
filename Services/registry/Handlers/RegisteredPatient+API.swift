import API
import Kernel
import RegistryDomain

// Between the words of seed 003 and the one form in which a patient is kept.

extension PatientDetails {
    init(_ input: RegisterPatient) {
        self.init(firstName: input.firstName, lastName: input.lastName)
        email = input.email
        phone = input.phone.text
        dateOfBirth = input.dateOfBirth
        gender = input.gender
        address = input.address.street
        city = input.address.city
        state = input.address.state
        zip = input.address.zip
        emergencyContactName = input.emergencyContact?.name
        emergencyContactPhone = input.emergencyContact?.phone
        emergencyContactRelationship = input.emergencyContact?.relationship
        insuranceProvider = input.insurance?.provider
        insurancePolicyNumber = input.insurance?.policyNumber
        if let entries = input.medicalHistory, !entries.isEmpty { medicalHistory = .entries(entries) }
    }
}

extension PatientDetails {
    init(_ input: RegisterPatientAccount) {
        self.init(firstName: input.firstName, lastName: input.lastName)
        email = input.email
        phone = input.phone.text
        dateOfBirth = input.dateOfBirth
        gender = input.gender
        address = input.address?.street
        city = input.address?.city
        state = input.address?.state
        zip = input.address?.zip
        country = input.address?.country
    }
}

extension PatientProfileView {
    init(_ patient: RegisteredPatient) {
        let details = patient.record.details
        self.init(
            id: patient.record.id, firstName: details.firstName, lastName: details.lastName,
            email: details.email?.text, phone: details.phone, dateOfBirth: details.dateOfBirth, gender: details.gender,
            address: Address(street: details.address, city: details.city, state: details.state, zip: details.zip),
            emergencyContact: EmergencyContact(details), medicalHistory: details.medicalHistory?.entries ?? [],
            insurance: InsuranceInfo(details), standing: Standing(patient))
    }
}

extension PatientProfileView.Standing {
    init(_ patient: RegisteredPatient) {
        let standing = patient.standing
        self.init(
            isEmailVerified: standing.isEmailVerified, isPhoneVerified: standing.isPhoneVerified,
            isActive: standing.isActive, createdAt: patient.record.createdAt, updatedAt: patient.updatedAt)
    }
}

extension EmergencyContact {
    /// Nil where nothing is known.
    init?(_ details: PatientDetails) {
        let (name, phone) = (details.emergencyContactName, details.emergencyContactPhone)
        let relationship = details.emergencyContactRelationship
        guard name != nil || phone != nil || relationship != nil else { return nil }
        self.init(name: name, phone: phone, relationship: relationship)
    }
}

extension InsuranceInfo {
    init?(_ details: PatientDetails) {
        guard details.insuranceProvider != nil || details.insurancePolicyNumber != nil else { return nil }
        self.init(provider: details.insuranceProvider, policyNumber: details.insurancePolicyNumber)
    }
}
