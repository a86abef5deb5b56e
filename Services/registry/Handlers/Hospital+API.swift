import API
import JSON
import Kernel
import RegistryDomain

// From what a client writes to what the domain keeps, and from there to the answer.

extension HospitalDetails {
    init(_ input: RegisterHospital) {
        self.init(
            HospitalBody(
                name: input.name, email: input.email, phone: input.phone, address: input.address,
                prescribingPolicy: .warn))
    }

    init(_ body: HospitalBody) {
        let address = body.address
        self.init(
            name: body.name, email: body.email, phone: body.phone, address: address.address, city: address.city,
            state: address.state, country: address.country, latitude: address.latitude, longitude: address.longitude,
            timezone: address.timezone, prescribingPolicy: body.prescribingPolicy)
    }
}

extension HospitalAddress {
    init(_ details: HospitalDetails) {
        self.init(
            address: details.address, city: details.city, state: details.state, country: details.country,
            latitude: details.latitude, longitude: details.longitude, timezone: details.timezone)
    }
}

extension HospitalBody {
    init(_ details: HospitalDetails) {
        self.init(
            name: details.name, email: details.email, phone: details.phone, address: HospitalAddress(details),
            prescribingPolicy: details.prescribingPolicy)
    }
}

extension HospitalView {
    /// - Parameter isOpen: whether the reader is the hospital itself or an administrator.
    init(_ entry: HospitalEntry, isOpen: Bool) {
        let inner = Inner(licenseNumber: entry.licenseNumber, rejectionReason: entry.verdict.reason)
        self.init(
            id: entry.id, name: entry.details.name, email: entry.details.email.text, phone: entry.details.phone.text,
            address: HospitalAddress(entry.details), status: entry.verdict.status, isActive: entry.isActive,
            prescribingPolicy: entry.details.prescribingPolicy, createdAt: entry.createdAt,
            updatedAt: entry.updatedAt, inner: isOpen ? inner : nil)
    }
}

extension DepartmentView {
    init(_ entry: DepartmentEntry) {
        self.init(
            id: entry.id, hospital: entry.hospital, name: entry.name, description: entry.description,
            createdAt: entry.createdAt, updatedAt: entry.updatedAt)
    }
}

extension DoctorDetails {
    /// What the hospital says of its doctor, over what else is known of them.
    init(_ body: HospitalDoctorBody, of hospital: HospitalDetails) {
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
        hospitalName = hospital.name
        city = hospital.city
        state = hospital.state
        country = hospital.country
    }
}

extension HospitalDoctorView {
    init(_ entry: DoctorEntry, _ post: HospitalPost) {
        self.init(
            doctor: DoctorView(entry), hospital: post.hospital, department: post.department, username: post.username,
            isActive: entry.isActive)
    }
}

extension HospitalDoctorPatch {
    /// What a merge patch is laid over: the input's own keys.
    static func json(_ entry: DoctorEntry, _ post: HospitalPost) -> JSONValue {
        let details = entry.details
        return [
            "first_name": .string(details.firstName), "last_name": .string(details.lastName),
            "email": .text(details.email?.text), "phone_number": .text(details.phone),
            "specialization": .string(details.specialization.rawValue),
            "department_id": .text(post.department?.description), "license_number": .text(details.licenseNumber),
            "years_of_experience": details.yearsOfExperience.map { .integer(Int64($0)) } ?? .null,
            "qualification": .text(details.qualification), "bio": .text(details.bio),
            "consultation_fee": .text(details.consultationFee), "is_available": .bool(details.isAvailable),
            "is_active": .bool(post.isActive),
        ]
    }
}
