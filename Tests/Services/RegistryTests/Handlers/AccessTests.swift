import JSON
import Kernel
import Postgres
import Registry
import Testing

/// Who sees what is not for everybody leaves a line; who sees what is their own does not.
@Suite struct AccessTests {
    @Test func `an administrator's look at a provider's inner data has its line, the provider's own has none`()
        async throws
    {
        try await withWorld { w in
            let id = try #require(try await w.registerProvider()["provider_id"]?.string)
            let owner = w.owner(w.accounts.seen.opened[0])
            let admin = Caller(account: ID(high: 0xA, low: 1), role: .admin, session: ID(high: 0xA, low: 2))
            #expect(try await w.ask("getProvider", as: owner, id: id)["email"] != nil)
            #expect(try await w.ask("getProvider", id: id)["email"] == .null)
            #expect(try await reads(w).isEmpty)
            #expect(try await w.ask("getProvider", as: admin, id: id)["email"] == "john.doe@clinic.com")
            _ = try await w.ask("listProviders", as: admin)
            #expect(
                try await reads(w) == [
                    "provider.read provider/\(id) \(admin.account)", "providers.read - \(admin.account)",
                ])
        }
    }

    private func reads(_ w: World) async throws -> [String] {
        try await w.database.read(Column<String>("action || ' ' || coalesce(subject, '-') || ' ' || actor_id")) {
            "select \($0) from audit_entry where action like '%.read' order by entry_id"
        }
    }
}
