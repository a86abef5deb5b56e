import Forms
package import JSON
package import Kernel

/// What an administrator has decided about a provider. Proving the email is another matter, and the provider's own.
package enum ProviderStatus: String, Sendable, Hashable, CaseIterable {
    case pending, verified, rejected
}

/// What registering answers (seed 000).
package struct RegisteredProviderView: View {
    package let id: ID<Provider>
    package let email: String
    package let status: ProviderStatus

    package init(id: ID<Provider>, email: String, status: ProviderStatus) {
        self.id = id
        self.email = email
        self.status = status
    }

    package static let shape = Shape<RegisteredProviderView>(
        "RegisteredProvider", .id("provider_id") { $0.id }, .text("email") { $0.email },
        .choice("verification_status", ProviderStatus.allCases.map(\.rawValue)) { $0.status.rawValue })
}

/// A provider. Everybody sees who they are and where their clinic is; how to reach them, their licence and why they
/// were rejected are for themselves and for administrators.
package struct ProviderView: View {
    package let id: ID<Provider>
    package let firstName: String
    package let lastName: String
    package let displayName: String
    package let specialization: Specialization
    package let yearsOfExperience: Int
    package let clinic: PostalAddress
    package let status: ProviderStatus
    package let isEmailVerified: Bool
    package let isActive: Bool
    package let createdAt: Instant
    package let updatedAt: Instant
    package let inner: Inner?

    /// What the provider and administrators alone are shown.
    package struct Inner: Sendable {
        package let email: String
        package let phone: String
        package let licenseNumber: String
        package let rejectionReason: String?

        package init(email: String, phone: String, licenseNumber: String, rejectionReason: String?) {
            self.email = email
            self.phone = phone
            self.licenseNumber = licenseNumber
            self.rejectionReason = rejectionReason
        }
    }

    package init(
        id: ID<Provider>, firstName: String, lastName: String, displayName: String, specialization: Specialization,
        yearsOfExperience: Int, clinic: PostalAddress, status: ProviderStatus, isEmailVerified: Bool, isActive: Bool,
        createdAt: Instant, updatedAt: Instant, inner: Inner?
    ) {
        self.id = id
        self.firstName = firstName
        self.lastName = lastName
        self.displayName = displayName
        self.specialization = specialization
        self.yearsOfExperience = yearsOfExperience
        self.clinic = clinic
        self.status = status
        self.isEmailVerified = isEmailVerified
        self.isActive = isActive
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.inner = inner
    }

    package static let shape = Shape<ProviderView>(
        "Provider", .id("id") { $0.id }, .id("provider_id") { $0.id }, .text("first_name") { $0.firstName },
        .text("last_name") { $0.lastName }, .text("display_name") { $0.displayName },
        .maybe("email") { $0.inner?.email }, .maybe("phone_number") { $0.inner?.phone },
        .choice("specialization", Specialization.allCases.map(\.rawValue)) { $0.specialization.rawValue },
        .maybe("license_number") { $0.inner?.licenseNumber },
        .integer("years_of_experience") { $0.yearsOfExperience }, .view("clinic_address") { $0.clinic },
        .choice("verification_status", ProviderStatus.allCases.map(\.rawValue)) { $0.status.rawValue },
        .maybe("rejection_reason") { $0.inner?.rejectionReason }, .boolean("email_verified") { $0.isEmailVerified },
        .boolean("is_active") { $0.isActive }, .instant("created_at") { $0.createdAt },
        .instant("updated_at") { $0.updatedAt })
}

/// One field a provider may name.
package struct SpecializationView: View {
    package let specialization: Specialization

    package init(_ specialization: Specialization) { self.specialization = specialization }

    package static let shape = Shape<SpecializationView>(
        "Specialization", .text("value") { $0.specialization.rawValue }, .text("label") { $0.specialization.label })
}

/// Whose account it is.
package struct RegistrationView: View {
    package let registrant: ID<Registrant>

    package init(registrant: ID<Registrant>) { self.registrant = registrant }

    package static let shape = Shape<RegistrationView>("Registration", .id("registrant_id") { $0.registrant })
}

extension Specialization {
    /// `internal_medicine` → `Internal Medicine`.
    package var label: String {
        rawValue.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: " ")
    }
}

/// What an administrator must know to decide about a provider, for the mail that asks them to.
package struct PendingProviderView: View {
    package let id: ID<Provider>
    package let name: String
    package let specialization: Specialization
    package let licenseNumber: String
    package let status: ProviderStatus

    package init(
        id: ID<Provider>, name: String, specialization: Specialization, licenseNumber: String, status: ProviderStatus
    ) {
        self.id = id
        self.name = name
        self.specialization = specialization
        self.licenseNumber = licenseNumber
        self.status = status
    }

    /// As registry wrote it; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let id = json["provider_id"]?.string.flatMap({ ID<Provider>($0) }), let name = json["name"]?.string,
            let specialization = json["specialization"]?.string.flatMap({ Specialization(rawValue: $0) }),
            let license = json["license_number"]?.string,
            let status = json["verification_status"]?.string.flatMap({ ProviderStatus(rawValue: $0) })
        else { return nil }
        self.init(id: id, name: name, specialization: specialization, licenseNumber: license, status: status)
    }

    package static let shape = Shape<PendingProviderView>(
        "PendingProvider", .id("provider_id") { $0.id }, .text("name") { $0.name },
        .choice("specialization", Specialization.allCases.map(\.rawValue)) { $0.specialization.rawValue },
        .text("license_number") { $0.licenseNumber },
        .choice("verification_status", ProviderStatus.allCases.map(\.rawValue)) { $0.status.rawValue })
}
