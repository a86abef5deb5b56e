package import Kernel

/// What administrators do with accounts.
package enum UsersAPI {
    static let declarations: [Declaration] = [list.declaration, update.declaration, audit.declaration]

    package static let list = Endpoint(
        .get, "/api/admin/users", "listUsers", of: .identity, for: .roles([.admin]),
        takes: ListUsers.self, gives: Listing<ProfileView>.self, says: "Users retrieved successfully.",
        summary: "All accounts", tag: "Administration")

    package static let update = Endpoint(
        .patch, "/api/admin/users/{id}", "updateUser", of: .identity, for: .roles([.admin]),
        takes: WithID<Account, UpdateUser>.self, gives: Item<ProfileView>.self, says: "User updated successfully.",
        summary: "Activate or deactivate an account; deactivating ends its sessions", tag: "Administration",
        refuses: [.notFound, .conflict, .preconditionFailed])

    package static let audit = Endpoint(
        .get, "/api/admin/audit", "listAudit", of: .identity, for: .roles([.admin]),
        takes: ListAudit.self, gives: PartialListing<AuditEntryView>.self, says: "Audit trail retrieved successfully.",
        summary: "Who did what, and when, the newest first: in all services, or in the one that is named",
        tag: "Administration", refuses: [.serviceUnavailable, .gatewayTimeout])
}
