import Forms
package import Kernel

/// A directory entry as everybody signed in sees it.
package struct DoctorView: View {
    package let id: ID<Doctor>
    package let displayName: String
    package let body: DoctorBody
    package let createdAt: Instant
    package let updatedAt: Instant

    package init(id: ID<Doctor>, displayName: String, body: DoctorBody, createdAt: Instant, updatedAt: Instant) {
        (self.id, self.displayName, self.body) = (id, displayName, body)
        (self.createdAt, self.updatedAt) = (createdAt, updatedAt)
    }

    package static let shape = Shape<DoctorView>(
        "Doctor", .id("id") { $0.id }, .text("display_name") { $0.displayName },
        .text("first_name") { $0.body.firstName }, .text("last_name") { $0.body.lastName },
        .maybe("email") { $0.body.email?.text }, .maybe("phone") { $0.body.phone },
        .choice("specialization", Specialization.allCases.map(\.rawValue)) { $0.body.specialization.rawValue },
        .maybe("license_number") { $0.body.licenseNumber },
        .maybeInteger("years_of_experience") { $0.body.yearsOfExperience },
        .maybe("qualification") { $0.body.qualification }, .maybe("bio") { $0.body.bio },
        .maybe("consultation_fee") { $0.body.consultationFee }, .boolean("is_available") { $0.body.isAvailable },
        .maybe("hospital_name") { $0.body.hospitalName }, .maybe("city") { $0.body.city },
        .maybe("state") { $0.body.state }, .maybe("country") { $0.body.country },
        .instant("created_at") { $0.createdAt }, .instant("updated_at") { $0.updatedAt })
}
