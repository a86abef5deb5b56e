import Kernel
import Postgres
import TestSupport
import Testing

/// Statements of a transaction whose answers nobody waits for.
struct UnheardStatementsTests {
    private func notes(_ database: Database) async throws -> [String] {
        try await database.read(Column<String>("note")) { "select \($0) from entry order by note" }
    }

    private func withEntries(_ body: @escaping @Sendable (Database) async throws -> Void) async throws {
        try await withDatabase(loops: 2, prepared: "create table entry (note text primary key)") { database, _, _ in
            try await body(database)
        }
    }

    @Test func `they are committed with the others, in the order they were sent`() async throws {
        try await withEntries { database in
            try await database.transaction { tx in
                tx.send("insert into entry values ('a')")
                try await tx.run("update entry set note = 'b' where note = 'a'")
                tx.send("insert into entry values ('c')")
            }
            #expect(try await notes(database) == ["b", "c"])
            try await database.transaction { tx in tx.send("insert into entry values ('d')") }
            #expect(try await notes(database) == ["b", "c", "d"])
        }
    }

    @Test func `one that is refused undoes the transaction, and says why at the commit`() async throws {
        try await withEntries { database in
            try await database.run("insert into entry values ('a')")
            let words = Problem.conflict("Taken.")
            for again in ["a", "a\0"] {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.transaction { tx in
                        try await tx.run("insert into entry values ('b')")
                        tx.send("insert into entry values (\(again))")
                    }
                }
                #expect(error?.sqlState == (again == "a" ? "23505" : "22021"))
            }
            let problem = await #expect(throws: Problem.self) {
                try await database.transaction(refusals: ["entry_pkey": words]) { tx in
                    tx.send("insert into entry values ('a')")
                }
            }
            #expect(problem == words)
            #expect(try await notes(database) == ["a"])
        }
    }

    @Test func `what follows one that is refused hears its fault`() async throws {
        try await withEntries { database in
            try await database.run("insert into entry values ('a')")
            let error = await #expect(throws: DatabaseError.self) {
                try await database.transaction { tx in
                    tx.send("insert into entry values ('a')")
                    try await tx.run("insert into entry values ('b')")
                    try await tx.run("insert into entry values ('c')")
                }
            }
            #expect(error?.sqlState == "23505")
            #expect(try await notes(database) == ["a"])
        }
    }

    @Test func `an attempt undoes one that is refused in it, and the rest is committed`() async throws {
        try await withEntries { database in
            try await database.run("insert into entry values ('a')")
            try await database.transaction { tx in
                tx.send("insert into entry values ('b')")
                await #expect(throws: DatabaseError.self) {
                    try await tx.attempt { tx.send("insert into entry values ('a')") }
                }
                tx.send("insert into entry values ('c')")
            }
            #expect(try await notes(database) == ["a", "b", "c"])
        }
    }

    @Test func `a transaction that throws keeps none of them`() async throws {
        struct Fault: Error {}
        try await withEntries { database in
            await #expect(throws: Fault.self) {
                try await database.transaction { tx in
                    tx.send("insert into entry values ('a')")
                    throw Fault()
                }
            }
            let kept = try await notes(database)
            #expect(kept.isEmpty)
        }
    }
}
