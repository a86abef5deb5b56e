import API
import RegistryDomain

// From what a client writes to what the domain keeps, and from there to the answer.

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
        let details = entry.details
        self.init(
            id: entry.id, displayName: details.displayName, firstName: details.firstName, lastName: details.lastName,
            specialization: details.specialization, isAvailable: details.isAvailable, createdAt: entry.createdAt,
            updatedAt: entry.updatedAt)
        email = details.email
        phone = details.phone
        licenseNumber = details.licenseNumber
        yearsOfExperience = details.yearsOfExperience
        qualification = details.qualification
        bio = details.bio
        consultationFee = details.consultationFee
        hospitalName = details.hospitalName
        city = details.city
        state = details.state
        country = details.country
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
