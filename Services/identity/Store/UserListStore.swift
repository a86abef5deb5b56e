package import API
import Crypto
package import IdentityDomain
package import Kernel
import Postgres

/// What administrators ask about all accounts.
extension AccountStore {
    package func list(_ query: ListUsers) async throws -> Page<UserAccount> {
        let conditions = conditions(query)
        let total = try await database.read(Column<Int>("count(*)")) {
            "select \($0) from account where \(sql: conditions)"
        }.one
        let after = try keyset(query.page)
        let rows = try await database.read(AccountRow.row) {
            """
            select \($0) from account where \(sql: conditions) and \(sql: after)
            order by created_at desc, account_id desc limit \(query.page.size + 1) offset \(query.page.offset)
            """
        }
        let page: Page<AccountRow> =
            if case .after = query.page.position {
                Page(fetched: rows, size: query.page.size) { Cursor(id: $0.id, key: $0.createdAt).text }
            } else {
                Page(items: Array(rows.prefix(query.page.size)), total: total)
            }
        return page.opened(of: "account", named: \.id, by: vault.open)
    }

    /// Accounts that count, by role, and those of them that are not switched off.
    package func numbers() async throws -> DashboardView.AccountNumbers {
        let row = Projection(
            Column<Role>("role"), Column<Int>("count(*)"), Column<Int>("count(*) filter (where is_active)"))
        let counted = try await database.read(row) {
            "select \($0) from account where confirmed_at is not null group by role"
        }
        return DashboardView.AccountNumbers(
            byRole: Dictionary(uniqueKeysWithValues: counted.map { ($0.0, $0.1) }),
            active: counted.reduce(0) { $0 + $1.2 })
    }

    private func conditions(_ query: ListUsers) -> SQL {
        var conditions: [SQL] = ["confirmed_at is not null"]
        if let role = query.role { conditions.append("role = \(role.rawValue)") }
        if let isActive = query.isActive { conditions.append("is_active = \(isActive)") }
        if let search = query.search {
            conditions.append(
                search.contains("@")
                    ? "email_index = \(vault.emails.exact(Email(search)?.comparable ?? search))"
                    : "lower(username) like \(AccountStore.beginning(search.lowercased()))")
        }
        return .joined(conditions, by: " and ")
    }

    private func keyset(_ page: PageRequest) throws(Problem) -> SQL {
        guard let cursor = try page.cursor() else { return "true" }
        return "(created_at, account_id) < (\(try cursor.instant()), \(try cursor.id(of: Account.self))::uuid)"
    }

    /// A `like` pattern for texts that begin so; what was typed has no wildcards.
    static func beginning(_ text: String) -> String {
        String(text.flatMap { "\\%_".contains($0) ? ["\\", $0] : [$0] }) + "%"
    }
}
