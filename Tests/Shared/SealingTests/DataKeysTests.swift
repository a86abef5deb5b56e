import Crypto
import Kernel
import Postgres
import Sealing
import TestSupport
import Testing

struct DataKeysTests {
    static let associatedData = AssociatedData(table: "patient", row: "1", column: "sealed")

    @Test(arguments: [0, 1, 4096]) func `a kept key opens what it sealed, cached or not`(limit: Int) throws {
        let (alice, bob) = (ID<Patient>(high: 1, low: 1), ID<Patient>(high: 1, low: 2))
        let keys = DataKeys<Patient>(of: "test.patient", sealer: try sealer(), cached: limit)
        let made = (try keys.make(of: alice), try keys.make(of: bob))
        let sealed = try made.0.key.seal("a word", authenticating: Self.associatedData)
        for _ in 0..<3 {
            #expect(
                try keys.key(made.0.wrapped, of: alice).openText(sealed, authenticating: Self.associatedData)
                    == "a word")
            #expect(throws: CryptoFault.self) {
                try keys.key(made.1.wrapped, of: bob).openText(sealed, authenticating: Self.associatedData)
            }
        }
    }

    @Test func `a key that was copied to another owner's row opens nothing, although it was opened before`() throws {
        let (alice, bob) = (ID<Patient>(high: 1, low: 1), ID<Patient>(high: 1, low: 2))
        let keys = DataKeys<Patient>(of: "test.patient", sealer: try sealer())
        let wrapped = try keys.make(of: alice).wrapped
        _ = try keys.key(wrapped, of: alice)
        #expect(throws: CryptoFault.self) { try keys.key(wrapped, of: bob) }
    }

    @Test func `keys of one kind of owner open for no other kind`() throws {
        let id = ID<Patient>(high: 1, low: 1)
        let wrapped = try DataKeys<Patient>(of: "test.patient", sealer: sealer()).make(of: id).wrapped
        #expect(throws: CryptoFault.self) {
            try DataKeys<Patient>(of: "other.patient", sealer: sealer()).key(wrapped, of: id)
        }
    }
}

/// On a real PostgreSQL.
struct DataKeyTableTests {
    @Test func `first rows written at once share one key`() async throws {
        try await withKeyTables { database in
            let owner = ID<Patient>(high: 1, low: 1)
            let keys = DataKeys<Patient>(of: "test.patient", sealer: try sealer())
            let sealed = try await withThrowingTaskGroup(of: [UInt8].self) { tasks in
                for number in 0..<10 {
                    tasks.addTask {
                        try await database.transaction { tx in
                            try await keys.key(of: owner, in: .init(high: 2, low: 2), at: .init(seconds: 0), in: tx)
                                .key.seal("\(number)", authenticating: DataKeysTests.associatedData)
                        }
                    }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            let row = Projection(Column<[UInt8]>("wrapped"), Column<Int>("kek_version"))
            let (wrapped, version) = try await database.read(row) { "select \($0) from data_key" }.one
            let key = try keys.key(wrapped, of: owner)
            let texts = try sealed.map { try key.openText($0, authenticating: DataKeysTests.associatedData) }
            #expect(texts.sorted() == (0..<10).map { "\($0)" })
            #expect(version == 1)
        }
    }

    @Test func `keys of several owners are read at once, and anew when asked`() async throws {
        try await withKeyTables { database in
            let owners = (1...3).map { ID<Patient>(high: 1, low: $0) }
            let (ours, others) = (
                DataKeys<Patient>(of: "test.patient", sealer: try sealer()),
                DataKeys<Patient>(of: "test.patient", sealer: try sealer())
            )
            var sealed: [ID<Patient>: [UInt8]] = [:]
            for owner in owners.prefix(2) {
                #expect(others.remembered(of: owner)?.wrapped == nil)
                let kept = try await database.transaction { tx in
                    try await ours.key(of: owner, in: .init(high: 2, low: 2), at: .init(seconds: 0), in: tx)
                }
                #expect(ours.remembered(of: owner)?.wrapped == kept.wrapped)
                sealed[owner] = try kept.key.seal("\(owner)", authenticating: DataKeysTests.associatedData)
            }
            let scope = Scope(account: "", role: "")
            for anew in [false, true, false] {
                let keys = try await others.keys(of: Set(owners), in: database, as: scope, anew: anew)
                #expect(Set(keys.keys) == Set(owners.prefix(2)))
                for (owner, key) in keys {
                    let text = try key.openText(sealed[owner] ?? [], authenticating: DataKeysTests.associatedData)
                    #expect(text == "\(owner)")
                }
            }
        }
    }

    @Test func `nobody is shown a key before the service says to whom`() async throws {
        try await withDatabase(schema: "vault", role: "praxis_vault_test") { database, home, _ in
            let settings = home.settings(schema: "vault", role: "praxis_vault_test")
            let schema = Migration(number: 1, name: "keys", sql: Array(SealingSchema.sql.utf8))
            _ = try await Migrator(settings, [schema]).migrate()
            let keys = DataKeys<Patient>(of: "test.patient", sealer: try sealer())
            await #expect(throws: (any Error).self) {
                try await database.transaction { tx in
                    _ = try await keys.key(
                        of: .init(high: 1, low: 1), in: .init(high: 2, low: 2), at: .init(seconds: 0), in: tx)
                }
            }
            let count = try await database.read(Column<Int>("count(*)")) { "select \($0) from data_key" }.one
            #expect(count == 0)
        }
    }
}

func sealer(version: UInt32 = 1) throws -> Sealer {
    Sealer(
        master: try MasterKey(version: version, secret: Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")))
}

/// Runs a test beside the tables of a service's keys, shown to everybody.
func withKeyTables(_ body: @escaping @Sendable (Database) async throws -> Void) async throws {
    let everybody = "create policy data_key_of_all on data_key using (true)"
    try await withDatabase(transactions: 10, prepared: SealingSchema.sql + everybody) { database, _, _ in
        try await body(database)
    }
}
