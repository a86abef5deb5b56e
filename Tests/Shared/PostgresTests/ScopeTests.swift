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

    @Test func `reads of many callers in one batch never see each other's rows`() async throws {
        try await withDatabase(schema: "rls", role: "praxis_rls_test") { database, _, _ in
            _ = try await Migrator(database.settings, Self.migrations).migrate()
            let wrong = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 0..<400 {
                    group.addTask {
                        if number % 7 == 6 {
                            let rows = try await database.read("select body from note")
                            return rows.isEmpty ? nil : "nobody saw \(rows.count)"
                        }
                        if number % 7 == 5 {
                            _ = try? await database.read(
                                "select 1 / 0", as: Scope(account: "account-1", role: "patient"))
                            return nil
                        }
                        let account = number % 20
                        let scope = Scope(account: "account-\(account)", role: "patient")
                        let bodies = try await database.read("select body from note", as: scope).map { try $0.text(0) }
                        return bodies == ["body-\(account)"] ? nil : "account-\(account) saw \(bodies)"
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
            let inside = try await database.transaction(as: scope) { try await $0.run("select body from note") }
            #expect(try inside.one.text(0) == "body-3")
            let alone = try await database.run("select body from note", as: scope)
            #expect(alone.count == 1)
            let after = try await database.run("select body from note")
            #expect(after.isEmpty)
            let who = try await database.read("select current_user::text").one
            #expect(try who.text(0) == "praxis_rls_test")
        }
    }

    @Test func `a scope that cannot be set reads and writes nothing`() async throws {
        try await withDatabase(schema: "rls", role: "praxis_rls_test", transactions: 1) { database, _, _ in
            _ = try await Migrator(database.settings, Self.migrations).migrate()
            let good = Scope(account: "account-3", role: "patient")
            let broken = Scope(account: "account-4", role: "pat\0ient")
            async let fine = database.read("select body from note", as: good).count
            async let wrong = try? database.read("select body from note", as: broken).count
            let counts = try await (fine, wrong)
            #expect(counts.0 == 1)
            #expect(counts.1 == nil)
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
