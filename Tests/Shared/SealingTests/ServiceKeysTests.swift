import Crypto
import Kernel
import Postgres
import Sealing
import TestSupport
import Testing

/// On a real PostgreSQL.
struct ServiceKeysTests {
    @Test func `processes that start at once open the same keys`() async throws {
        try await withKeyTables { database in
            let digests = try await withThrowingTaskGroup(of: [UInt8].self) { tasks in
                for _ in 0..<8 {
                    tasks.addTask {
                        try await ServiceKeys.open(database, sealer: sealer(), purpose: "test").index(of: "email")
                            .exact("jane@example.com")
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(digests).count == 1)
            let count = try await database.read(Column<Int>("count(*)")) { "select \($0) from service_key" }.one
            #expect(count == 1)
        }
    }

    @Test func `what was sealed opens after the next start, and other fields have other digests`() async throws {
        try await withKeyTables { database in
            let associatedData = AssociatedData(table: "t", row: "1", column: "c")
            let first = try await ServiceKeys.open(database, sealer: sealer(), purpose: "test")
            let sealed = try first.sealing.seal("a word", authenticating: associatedData)
            let next = try await ServiceKeys.open(database, sealer: sealer(), purpose: "test")
            #expect(try next.sealing.openText(sealed, authenticating: associatedData) == "a word")
            #expect(next.index(of: "email").exact("a") == first.index(of: "email").exact("a"))
            #expect(next.index(of: "email").exact("a") != first.index(of: "phone").exact("a"))
        }
    }

    @Test func `keys of one purpose do not open under another`() async throws {
        try await withKeyTables { database in
            _ = try await ServiceKeys.open(database, sealer: sealer(), purpose: "test")
            try await database.run("update service_key set purpose = 'other'")
            await #expect(throws: CryptoFault.self) {
                try await ServiceKeys.open(database, sealer: sealer(), purpose: "other")
            }
        }
    }
}
