import Forms
package import Kernel

/// A directory entry as everybody signed in sees it.
package struct DoctorView: View {
    package let id: ID<Doctor>
    package let displayName: String
    package let firstName: String
    package let lastName: String
    package var email: Email?
    package var phone: String?
    package let specialization: Specialization
    package var licenseNumber: String?
    package var yearsOfExperience: Int?
    package var qualification: String?
    package var bio: String?
    package var consultationFee: String?
    package let isAvailable: Bool
    package var hospitalName: String?
    package var city: String?
    package var state: String?
    package var country: String?
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(
        id: ID<Doctor>, displayName: String, firstName: String, lastName: String, specialization: Specialization,
        isAvailable: Bool, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.displayName = displayName
        self.firstName = firstName
        self.lastName = lastName
        self.specialization = specialization
        self.isAvailable = isAvailable
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package static let shape = Shape<DoctorView>(
        "Doctor", .id("id") { $0.id }, .text("display_name") { $0.displayName },
        .text("first_name") { $0.firstName }, .text("last_name") { $0.lastName },
        .maybe("email") { $0.email?.text }, .maybe("phone") { $0.phone },
        .choice("specialization", Specialization.allCases.map(\.rawValue)) { $0.specialization.rawValue },
        .maybe("license_number") { $0.licenseNumber },
        .maybeInteger("years_of_experience") { $0.yearsOfExperience },
        .maybe("qualification") { $0.qualification }, .maybe("bio") { $0.bio },
        .maybe("consultation_fee") { $0.consultationFee }, .boolean("is_available") { $0.isAvailable },
        .maybe("hospital_name") { $0.hospitalName }, .maybe("city") { $0.city },
        .maybe("state") { $0.state }, .maybe("country") { $0.country },
        .instant("created_at") { $0.createdAt }, .instant("updated_at") { $0.updatedAt })
}
