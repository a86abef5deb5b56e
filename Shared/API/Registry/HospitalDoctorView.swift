import Forms
package import Kernel

/// A doctor as the hospital that made them sees them.
package struct HospitalDoctorView: View {
    package let doctor: DoctorView
    package let hospital: ID<Hospital>
    package let department: ID<Department>?
    package let username: String
    package let isActive: Bool

    package init(
        doctor: DoctorView, hospital: ID<Hospital>, department: ID<Department>?, username: String, isActive: Bool
    ) {
        self.doctor = doctor
        self.hospital = hospital
        self.department = department
        self.username = username
        self.isActive = isActive
    }

    package static let shape = Shape<HospitalDoctorView>(
        "HospitalDoctor", .id("id") { $0.doctor.id }, .id("doctor_id") { $0.doctor.id },
        .id("hospital_id") { $0.hospital }, .maybeID("department_id") { $0.department },
        .text("username") { $0.username }, .text("display_name") { $0.doctor.displayName },
        .text("first_name") { $0.doctor.firstName }, .text("last_name") { $0.doctor.lastName },
        .maybe("email") { $0.doctor.email?.text }, .maybe("phone_number") { $0.doctor.phone },
        .choice("specialization", Specialization.allCases.map(\.rawValue)) { $0.doctor.specialization.rawValue },
        .maybe("license_number") { $0.doctor.licenseNumber },
        .maybeInteger("years_of_experience") { $0.doctor.yearsOfExperience },
        .maybe("qualification") { $0.doctor.qualification }, .maybe("bio") { $0.doctor.bio },
        .maybe("consultation_fee") { $0.doctor.consultationFee }, .boolean("is_available") { $0.doctor.isAvailable },
        .boolean("is_active") { $0.isActive }, .instant("created_at") { $0.doctor.createdAt },
        .instant("updated_at") { $0.doctor.updatedAt })
}

/// A doctor who was just made, with the password that is shown this once.
package struct NewHospitalDoctorView: View {
    package let doctor: HospitalDoctorView
    /// Nil when the request is repeated.
    package let password: String?

    package init(doctor: HospitalDoctorView, password: String?) {
        self.doctor = doctor
        self.password = password
    }

    package static let shape = Shape<NewHospitalDoctorView>(
        "NewHospitalDoctor", HospitalDoctorView.shape.of { $0.doctor }, .maybe("password") { $0.password })
}

/// A doctor whom the hospital has changed, and which visits ahead that concerns.
package struct ChangedHospitalDoctorView: View {
    package let doctor: HospitalDoctorView
    /// Nil where they could not be asked for.
    package let affected: [ID<Appointment>]?

    package init(_ doctor: HospitalDoctorView, affected: [ID<Appointment>]?) {
        self.doctor = doctor
        self.affected = affected
    }

    package static let shape = Shape<ChangedHospitalDoctorView>(
        "ChangedHospitalDoctor", HospitalDoctorView.shape.of { $0.doctor }, .maybeIDs("affected") { $0.affected })
}
