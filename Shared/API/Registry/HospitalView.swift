import Forms
package import JSON
package import Kernel

/// A hospital. Its licence, and why it was rejected, are for itself and for administrators.
package struct HospitalView: View {
    package let id: ID<Hospital>
    package let name: String
    package let email: String
    package let phone: String
    package let address: HospitalAddress
    package let status: HospitalStatus
    package let isActive: Bool
    package let prescribingPolicy: PrescribingPolicy
    package let createdAt: Instant
    package let updatedAt: Instant
    package let inner: Inner?

    /// What the hospital and administrators alone are shown.
    package struct Inner: Sendable {
        package let licenseNumber: String
        package let rejectionReason: String?

        package init(licenseNumber: String, rejectionReason: String?) {
            self.licenseNumber = licenseNumber
            self.rejectionReason = rejectionReason
        }
    }

    package init(
        id: ID<Hospital>, name: String, email: String, phone: String, address: HospitalAddress, status: HospitalStatus,
        isActive: Bool, prescribingPolicy: PrescribingPolicy, createdAt: Instant, updatedAt: Instant, inner: Inner?
    ) {
        self.id = id
        self.name = name
        self.email = email
        self.phone = phone
        self.address = address
        self.status = status
        self.isActive = isActive
        self.prescribingPolicy = prescribingPolicy
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.inner = inner
    }

    package static let shape = Shape<HospitalView>(
        "Hospital", .id("id") { $0.id }, .id("hospital_id") { $0.id }, .text("name") { $0.name },
        .text("email") { $0.email }, .text("phone_number") { $0.phone },
        .maybe("license_number") { $0.inner?.licenseNumber }, .text("address") { $0.address.address },
        .text("city") { $0.address.city }, .text("state") { $0.address.state },
        .text("country") { $0.address.country }, .number("latitude") { $0.address.latitude },
        .number("longitude") { $0.address.longitude }, .text("timezone") { $0.address.timezone },
        .choice("status", HospitalStatus.allCases.map(\.rawValue)) { $0.status.rawValue },
        .boolean("is_approved") { $0.status == .approved }, .boolean("is_active") { $0.isActive },
        .maybe("rejection_reason") { $0.inner?.rejectionReason },
        .choice("prescribing_policy", PrescribingPolicy.allCases.map(\.rawValue)) { $0.prescribingPolicy.rawValue },
        .instant("created_at") { $0.createdAt }, .instant("updated_at") { $0.updatedAt })
}

/// A hospital, and how far away it is.
package struct NearbyHospitalView: View {
    package let hospital: HospitalView
    /// Great-circle distance, to a metre.
    package let distanceKilometres: Double

    package init(hospital: HospitalView, distanceKilometres: Double) {
        self.hospital = hospital
        self.distanceKilometres = distanceKilometres
    }

    package static let shape = Shape<NearbyHospitalView>(
        "NearbyHospital", HospitalView.shape.of { $0.hospital }, .number("distance_km") { $0.distanceKilometres })
}

/// What mails about a hospital say.
package struct HospitalMessageView: View {
    package let id: ID<Hospital>
    package let name: String
    package let city: String
    package let licenseNumber: String
    package let status: HospitalStatus
    package let isActive: Bool
    package let rejectionReason: String?

    package init(
        id: ID<Hospital>, name: String, city: String, licenseNumber: String, status: HospitalStatus, isActive: Bool,
        rejectionReason: String?
    ) {
        self.id = id
        self.name = name
        self.city = city
        self.licenseNumber = licenseNumber
        self.status = status
        self.isActive = isActive
        self.rejectionReason = rejectionReason
    }

    /// As registry wrote it; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let id = json["hospital_id"]?.string.flatMap({ ID<Hospital>($0) }), let name = json["name"]?.string,
            let city = json["city"]?.string, let license = json["license_number"]?.string,
            let status = json["status"]?.string.flatMap({ HospitalStatus(rawValue: $0) }),
            let isActive = json["is_active"]?.bool
        else { return nil }
        self.init(
            id: id, name: name, city: city, licenseNumber: license, status: status, isActive: isActive,
            rejectionReason: json["rejection_reason"]?.string)
    }

    package static let shape = Shape<HospitalMessageView>(
        "HospitalMessage", .id("hospital_id") { $0.id }, .text("name") { $0.name }, .text("city") { $0.city },
        .text("license_number") { $0.licenseNumber },
        .choice("status", HospitalStatus.allCases.map(\.rawValue)) { $0.status.rawValue },
        .boolean("is_active") { $0.isActive }, .maybe("rejection_reason") { $0.rejectionReason })
}

/// How many hospitals there are, but for deleted ones.
package struct HospitalNumbersView: View {
    package let byStatus: [HospitalStatus: Int]

    package init(_ byStatus: [HospitalStatus: Int]) { self.byStatus = byStatus }

    /// As registry wrote it.
    package init(_ json: JSONValue) {
        byStatus = Dictionary(
            uniqueKeysWithValues: HospitalStatus.allCases.map { status in
                (status, json[status.rawValue]?.integer.flatMap { Int(exactly: $0) } ?? 0)
            })
    }

    package static let shape = Shape<HospitalNumbersView>(
        "HospitalNumbers", .integer("pending") { $0.byStatus[.pending] ?? 0 },
        .integer("approved") { $0.byStatus[.approved] ?? 0 }, .integer("rejected") { $0.byStatus[.rejected] ?? 0 })
}
