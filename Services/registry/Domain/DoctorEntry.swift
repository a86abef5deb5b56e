package import Kernel

/// What the directory says of a doctor: professional data, there to be read by everybody signed in.
package struct DoctorDetails: Sendable, Equatable {
    package var firstName: String
    package var lastName: String
    package var email: Email?
    package var phone: String?
    package var specialization: Specialization
    package var licenseNumber: String?
    package var yearsOfExperience: Int?
    package var qualification: String?
    package var bio: String?
    /// A decimal text with two places.
    package var consultationFee: String?
    package var isAvailable: Bool
    package var hospitalName: String?
    package var city: String?
    package var state: String?
    package var country: String?

    package init(firstName: String, lastName: String, specialization: Specialization, isAvailable: Bool = true) {
        self.firstName = firstName
        self.lastName = lastName
        self.specialization = specialization
        self.isAvailable = isAvailable
    }

    /// `Dr. Emily Chen`; a title that was typed as part of the name is not said twice.
    package var displayName: String {
        let name = firstName + " " + lastName
        return name.prefix(4).lowercased() == "dr. " ? name : "Dr. " + name
    }
}

/// What makes an entry a hospital's doctor: whose it is, who logs in, and whether the hospital lets them in.
package struct HospitalPost: Sendable, Equatable {
    package let hospital: ID<Hospital>
    package var department: ID<Department>?
    package let account: ID<Account>
    package let username: String
    package var isActive: Bool
    /// Whether administrators let the account in, as identity tells.
    package let isAccountActive: Bool
    /// Whether the hospital works here.
    package let isHospitalActive: Bool
    package var deletedAt: Instant?

    package init(
        hospital: ID<Hospital>, department: ID<Department>?, account: ID<Account>, username: String,
        isActive: Bool = true, isAccountActive: Bool = true, isHospitalActive: Bool = true, deletedAt: Instant? = nil
    ) {
        self.hospital = hospital
        self.department = department
        self.account = account
        self.username = username
        self.isActive = isActive
        self.isAccountActive = isAccountActive
        self.isHospitalActive = isHospitalActive
        self.deletedAt = deletedAt
    }
}

/// A directory entry: read by everybody, written by the account that made it and by admins.
package struct DoctorEntry: Sendable, Equatable {
    package let id: ID<Doctor>
    package let creator: ID<Account>
    package var details: DoctorDetails
    /// Nil of an entry that no hospital made.
    package var post: HospitalPost?
    /// Counts the changes, from 1; what an ETag is made from.
    package var version: Int64
    package let createdAt: Instant
    package var updatedAt: Instant

    package init(
        id: ID<Doctor>, creator: ID<Account>, details: DoctorDetails, post: HospitalPost? = nil, version: Int64 = 1,
        createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.creator = creator
        self.details = details
        self.post = post
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Throws `forbidden` for anyone but the creator and admins: that the entry exists is no secret.
    package func mustBeWritable(by caller: Caller) throws(Problem) {
        guard caller.account == creator || caller.role == .admin else { throw .forbidden }
    }

    /// Whether others find them, and patients can be assigned to them.
    package var isActive: Bool {
        post.map { $0.isActive && $0.isAccountActive && $0.isHospitalActive && $0.deletedAt == nil } ?? true
    }

    /// The entry with other details, or another place in its hospital, one version later; nil when nothing is
    /// different. Throws when a hospital's doctor would be without what its hospital must know.
    package func changed(
        to details: DoctorDetails, post: HospitalPost? = nil, at now: Instant
    ) throws(Problem) -> DoctorEntry? {
        let post = post ?? self.post
        if post != nil {
            if details.email == nil { throw .field("email", "A hospital's doctor has an email.") }
            if details.licenseNumber == nil {
                throw .field("license_number", "A hospital's doctor has a license number.")
            }
        }
        // Emails are compared without case, and kept as they are typed.
        if details == self.details, details.email?.text == self.details.email?.text, post == self.post { return nil }
        return DoctorEntry(
            id: id, creator: creator, details: details, post: post, version: version + 1, createdAt: createdAt,
            updatedAt: now)
    }

    /// A hospital's doctor taken out of the directory; the entry stays, since past visits name it.
    package func deleted(at now: Instant) -> DoctorEntry {
        var copy = self
        copy.post?.deletedAt = now
        copy.version = version + 1
        copy.updatedAt = now
        return copy
    }
}
