package import API
import Crypto
package import IdentityDomain
package import Kernel
import Postgres

/// What administrators ask about all accounts.
extension AccountStore {
    package func list(_ query: ListUsers) async throws -> Page<UserAccount> {
        let conditions = conditions(query)
        let total = try await database.read("select count(*) from account where \(sql: conditions)").one.integer(0)
        let after = try keyset(query.page)
        let rows = try await database.read(
            """
            select \(sql: Vault.accountColumns) from account where \(sql: conditions) and \(sql: after)
            order by created_at desc, account_id desc limit \(query.page.size + 1) offset \(query.page.offset)
            """)
        let items = try rows.prefix(query.page.size).map(vault.account)
        guard case .after = query.page.position else { return Page(items: items, total: total) }
        let last = rows.count > query.page.size ? items.last : nil
        return Page(
            items: items, total: nil, nextCursor: last.map { "\($0.createdAt.microseconds)_\($0.id)" })
    }

    private func conditions(_ query: ListUsers) -> SQL {
        var conditions: [SQL] = ["confirmed_at is not null"]
        if let role = query.role { conditions.append("role = \(role.rawValue)") }
        if let isActive = query.isActive { conditions.append("is_active = \(isActive)") }
        if let search = query.search {
            conditions.append(
                search.contains("@")
                    ? "email_index = \(vault.emails.exact(search))"
                    : "lower(username) like \(AccountStore.beginning(search.lowercased()))")
        }
        return .joined(conditions, by: " and ")
    }

    private func keyset(_ page: PageRequest) throws(Problem) -> SQL {
        guard case .after(let cursor?) = page.position else { return "true" }
        let parts = cursor.split(separator: "_")
        guard parts.count == 2, let microseconds = Int64(parts[0]), let id = ID<Account>(parts[1]) else {
            throw .field("cursor", "This cursor is not one of this list.")
        }
        return "(created_at, account_id) < (\(Instant(microseconds: microseconds)), \(id)::uuid)"
    }

    /// A `like` pattern for texts that begin so; what was typed has no wildcards.
    private static func beginning(_ text: String) -> String {
        String(text.flatMap { "\\%_".contains($0) ? ["\\", $0] : [$0] }) + "%"
    }
}
