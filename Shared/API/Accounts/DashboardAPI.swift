import Forms
import JSON
package import Kernel

/// Statistics for administrators.
package enum DashboardAPI {
    static let declarations: [Declaration] = [stats.declaration]

    package static let stats = Endpoint(
        .get, "/api/accounts/dashboard-stats", "dashboardStats", of: .identity, for: .roles([.admin]),
        gives: Item<DashboardView>.self, says: "Statistics retrieved successfully.",
        summary:
            "Accounts by role, hospitals and appointments by status, what was done last; null for what cannot be had",
        tag: "Administration", refuses: [.serviceUnavailable])
}

/// Numbers of the whole platform; a part whose service cannot be asked is nil.
package struct DashboardView: View {
    package let accounts: AccountNumbers
    package let hospitals: [HospitalStatus: Int]?
    package let appointments: [AppointmentStatus: Int]?
    package let recentActivity: [AuditEntryView]

    /// Accounts that count, and those of them that are not switched off.
    package struct AccountNumbers: Sendable {
        package let byRole: [Role: Int]
        package let active: Int

        package init(byRole: [Role: Int], active: Int) {
            self.byRole = byRole
            self.active = active
        }
    }

    package init(
        accounts: AccountNumbers, hospitals: [HospitalStatus: Int]?, appointments: [AppointmentStatus: Int]?,
        recentActivity: [AuditEntryView]
    ) {
        self.accounts = accounts
        self.hospitals = hospitals
        self.appointments = appointments
        self.recentActivity = recentActivity
    }

    private static func byName<Status: RawRepresentable<String>>(_ counts: [Status: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
    }

    package static let shape = Shape<DashboardView>(
        "Dashboard", .integer("total_accounts") { $0.accounts.byRole.values.reduce(0, +) },
        .integer("active_accounts") { $0.accounts.active },
        .counts("accounts_by_role", Role.allCases.map(\.rawValue)) { byName($0.accounts.byRole) },
        .maybeCounts("hospitals_by_status", HospitalStatus.allCases.map(\.rawValue)) { $0.hospitals.map(byName) },
        .maybeCounts("appointments_by_status", AppointmentStatus.allCases.map(\.rawValue)) {
            $0.appointments.map(byName)
        },
        .views("recent_activity") { $0.recentActivity })
}

extension ViewField {
    /// How many of each of a closed set.
    fileprivate static func counts(_ name: StaticString, _ keys: [String], _ get: @escaping Get<[String: Int]>)
        -> ViewField
    {
        ViewField(name, countsSchema(keys)) { value, json in writeCounts(keys, get(value), &json) }
    }

    fileprivate static func maybeCounts(_ name: StaticString, _ keys: [String], _ get: @escaping Get<[String: Int]?>)
        -> ViewField
    {
        ViewField(name, countsSchema(keys).nullable) { value, json in
            if let counts = get(value) { writeCounts(keys, counts, &json) } else { json.null() }
        }
    }

    private static func countsSchema(_ keys: [String]) -> Schema {
        .object(keys.map { Schema.Property($0, .integer, isRequired: true) })
    }

    private static func writeCounts(_ keys: [String], _ counts: [String: Int], _ json: inout JSONWriter) {
        json.object { json in
            for key in keys {
                json.key(key)
                json.integer(counts[key] ?? 0)
            }
        }
    }
}
