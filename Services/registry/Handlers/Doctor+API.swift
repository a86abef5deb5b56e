import API
import RegistryDomain

// From what a client writes to what the domain keeps, and from there to the answer.

extension DoctorDetails {
    init(_ body: DoctorBody) {
        self.init(
            firstName: body.firstName, lastName: body.lastName, specialization: body.specialization,
            isAvailable: body.isAvailable)
        email = body.email
        phone = body.phone
        licenseNumber = body.licenseNumber
        yearsOfExperience = body.yearsOfExperience
        qualification = body.qualification
        bio = body.bio
        consultationFee = body.consultationFee
        hospitalName = body.hospitalName
        city = body.city
        state = body.state
        country = body.country
    }
}

extension DoctorBody {
    init(_ details: DoctorDetails) {
        self.init(firstName: details.firstName, lastName: details.lastName, specialization: details.specialization)
        email = details.email
        phone = details.phone
        licenseNumber = details.licenseNumber
        yearsOfExperience = details.yearsOfExperience
        qualification = details.qualification
        bio = details.bio
        consultationFee = details.consultationFee
        isAvailable = details.isAvailable
        hospitalName = details.hospitalName
        city = details.city
        state = details.state
        country = details.country
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
