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

/// A directory entry: read by everybody, written by the account that made it and by admins.
package struct DoctorEntry: Sendable, Equatable {
    package let id: ID<Doctor>
    package let creator: ID<Account>
    package var details: DoctorDetails
    /// Counts the changes, from 1; what an ETag is made from.
    package var version: Int64
    package let createdAt: Instant
    package var updatedAt: Instant

    package init(
        id: ID<Doctor>, creator: ID<Account>, details: DoctorDetails, version: Int64 = 1, createdAt: Instant,
        updatedAt: Instant
    ) {
        self.id = id
        self.creator = creator
        self.details = details
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Throws `forbidden` for anyone but the creator and admins: that the entry exists is no secret.
    package func mustBeWritable(by caller: Caller) throws(Problem) {
        guard caller.account == creator || caller.role == .admin else { throw .forbidden }
    }

    /// The entry with other details, one version later; nil when nothing is different.
    package func changed(to details: DoctorDetails, at now: Instant) -> DoctorEntry? {
        // Emails are compared without case, and kept as they are typed.
        if details == self.details, details.email?.text == self.details.email?.text { return nil }
        return DoctorEntry(
            id: id, creator: creator, details: details, version: version + 1, createdAt: createdAt, updatedAt: now)
    }
}
