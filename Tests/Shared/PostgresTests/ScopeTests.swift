import Kernel
import Lifecycle
import Net
import Postgres
import TestSupport
import Testing

struct ScopeTests {
    private static let migrations = [
        Migration(
            number: 1, name: "notes",
            sql: Array(
                """
                create table note (owner text not null, body text not null);
                alter table note enable row level security;
                create policy note_owner on note using (owner = current_setting('praxis.account'));
                insert into note select 'account-' || n, 'body-' || n from generate_series(0, 19) n;
                """.utf8))
    ]

    private static let body = Column<String>("body")

    @Test func `reads of many callers in one batch never see each other's rows`() async throws {
        try await withDatabase(schema: "rls", role: "praxis_rls_test") { database, _, _ in
            _ = try await Migrator(database.settings, Self.migrations).migrate()
            let wrong = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        if number % 7 == 6 {
                            let rows = try await database.read(Self.body) { "select \($0) from note" }
                            return rows.isEmpty ? nil : "nobody saw \(rows.count)"
                        }
                        if number % 7 == 5 {
                            _ = try? await database.read(
                                Column<Int>("1 / 0"), as: Scope(account: "account-1", role: "patient"))
                            return nil
                        }
                        let account = number % 20
                        let scope = Scope(account: "account-\(account)", role: "patient")
                        let bodies = try await database.read(Self.body, as: scope) { "select \($0) from note" }
                        return bodies == ["body-\(account)"] ? nil : "account-\(account) saw \(bodies)"
                    }
                }
                return try await group.reduce(into: [String]()) { if let wrong = $1 { $0.append(wrong) } }
            }
            #expect(wrong == [])
        }
    }

    @Test func `a plan for all values is asked for by those reads alone that want it`() async throws {
        try await withDatabase { database, _, _ in
            let mode = Column<String>("current_setting('plan_cache_mode')")
            let wrong = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let scope = number % 3 == 0 ? nil : Scope(account: "account-\(number % 5)", role: "patient")
                        let plan: Plan = number % 2 == 0 ? .generic : .auto
                        let found = try await database.read(mode, as: scope, plan: plan).one
                        return found == (plan == .generic ? "force_generic_plan" : "auto") ? nil : found
                    }
                }
                return try await group.reduce(into: [String]()) { if let wrong = $1 { $0.append(wrong) } }
            }
            #expect(wrong == [])
        }
    }

    @Test func `a scope ends with its transaction`() async throws {
        try await withDatabase(schema: "rls", role: "praxis_rls_test", transactions: 1) { database, _, _ in
            _ = try await Migrator(database.settings, Self.migrations).migrate()
            let scope = Scope(account: "account-3", role: "patient")
            let inside = try await database.transaction(as: scope) { tx in
                try await tx.run(Self.body) { "select \($0) from note" }
            }
            #expect(inside == ["body-3"])
            let alone = try await database.run(Self.body, as: scope) { "select \($0) from note" }
            #expect(alone == ["body-3"])
            let after = try await database.run(Self.body) { "select \($0) from note" }
            #expect(after.isEmpty)
            #expect(try await database.read(Column<String>("current_user::text")) == ["praxis_rls_test"])
        }
    }

    @Test func `a scope that cannot be set reads and writes nothing`() async throws {
        try await withDatabase(schema: "rls", role: "praxis_rls_test", transactions: 1) { database, _, _ in
            _ = try await Migrator(database.settings, Self.migrations).migrate()
            let good = Scope(account: "account-3", role: "patient")
            let broken = Scope(account: "account-4", role: "pat\0ient")
            async let fine = database.read(Self.body, as: good) { "select \($0) from note" }
            async let wrong = try? database.read(Self.body, as: broken) { "select \($0) from note" }
            let (bodies, none) = try await (fine, wrong)
            #expect(bodies == ["body-3"])
            #expect(none == nil)
            await #expect(throws: DatabaseError.self) { try await database.run("select body from note", as: broken) }
            await #expect(throws: DatabaseError.self) {
                try await database.transaction(as: broken) { tx in
                    _ = try? await tx.run("select body from note")
                    try await tx.run("select body from note")
                }
            }
        }
    }
}
