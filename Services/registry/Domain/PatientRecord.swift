// RegistryDomain: what registry knows about people and directory entries, and its rules. It asks no clock and no store;
// how a record is sealed, kept and found again is the Store's.

package import Kernel

/// What is known of a person cared for. All of it is personal: it is stored sealed and never logged.
package struct PatientDetails: Sendable, Equatable {
    package var firstName: String
    package var lastName: String
    package var email: Email?
    package var phone: String?
    package var dateOfBirth: CalendarDate?
    package var gender: Gender?
    package var bloodGroup: BloodGroup?
    package var allergies: String?
    package var medicalHistory: MedicalHistory?
    package var currentMedications: String?
    package var emergencyContactName: String?
    package var emergencyContactPhone: String?
    package var emergencyContactRelationship: String?
    package var insuranceProvider: String?
    package var insurancePolicyNumber: String?
    /// The street, where the address is known in parts.
    package var address: String?
    package var city: String?
    package var state: String?
    package var zip: String?
    package var country: String?

    package init(firstName: String, lastName: String) {
        self.firstName = firstName
        self.lastName = lastName
    }

    package var fullName: String { firstName + " " + lastName }
}

/// A patient's record: it belongs to the tenant of the account that made it, and no other tenant ever sees it.
package struct PatientRecord: Sendable, Equatable {
    package let id: ID<Patient>
    /// The account that made it.
    package let owner: ID<Account>
    package let tenant: ID<Tenant>
    package var details: PatientDetails
    /// Counts the changes, from 1; what an ETag is made from.
    package var version: Int64
    package let createdAt: Instant
    package var updatedAt: Instant

    package init(
        id: ID<Patient>, owner: ID<Account>, tenant: ID<Tenant>, details: PatientDetails, version: Int64,
        createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.owner = owner
        self.tenant = tenant
        self.details = details
        self.version = version
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package static func made(
        _ details: PatientDetails, by owner: ID<Account>, of tenant: ID<Tenant>, as id: ID<Patient>, at now: Instant
    ) -> PatientRecord {
        PatientRecord(
            id: id, owner: owner, tenant: tenant, details: details, version: 1, createdAt: now, updatedAt: now)
    }

    /// The record with other details, one version later; nil when nothing is different.
    package func changed(to details: PatientDetails, at now: Instant) -> PatientRecord? {
        // Emails are compared without case, and kept as they are typed.
        if details == self.details, details.email?.text == self.details.email?.text { return nil }
        return PatientRecord(
            id: id, owner: owner, tenant: tenant, details: details, version: version + 1, createdAt: createdAt,
            updatedAt: now)
    }
}
