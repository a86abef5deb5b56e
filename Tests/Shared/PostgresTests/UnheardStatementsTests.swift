import Kernel
import Lifecycle
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

    @Test func `a refusal is told to whoever sent it, and one that is worth it runs the transaction again`()
        async throws
    {
        try await withEntries { database in
            let refused = Locked(0)
            try await database.transaction { tx in
                if refused.withLock({ $0 }) > 0 { return tx.send("insert into entry values ('again')") }
                tx.send("do $$ begin raise exception using errcode = 'serialization_failure'; end $$") {
                    refused.withLock { $0 += 1 }
                }
            }
            #expect(refused.withLock { $0 } == 1)
            #expect(try await notes(database) == ["again"])
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

    @Test func `found by indexes, a join with a new table reads no more rows than it changes`() async throws {
        try await withEntries { database in
            func plan(_ prepare: (Transaction) -> Void) async throws -> String {
                try await database.transaction { tx in
                    prepare(tx)
                    return try await tx.run(Column<String>("plan")) { _ in
                        """
                        explain update entry set note = n.note || '!' from unnest(\((0..<20).map(String.init))::text[]) n (note)
                        where entry.note = n.note
                        """
                    }.joined(separator: "\n")
                }
            }
            let (byIndexes, otherwise) = (try await plan { $0.findByIndexes() }, try await plan { _ in })
            #expect(byIndexes.contains("using entry_pkey"))
            #expect(!otherwise.contains("using entry_pkey"), "there is nothing to be said about it any more")
        }
    }
}
