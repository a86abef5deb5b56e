import Crypto
import Kernel
import Postgres
import Sealing
import TestSupport
import Testing

/// On a real PostgreSQL.
struct MasterKeyRotationTests {
    private static let keys = WrappedKeys.dataKeys(of: "test.patient")

    @Test func `every key is wrapped anew, opens what it sealed, and the older master key opens nothing`() async throws
    {
        try await withKeyTables { database in
            let (before, both, after) = (try sealer(), try rotated(keeping: 1), try rotated())
            let sealed = try await fill(database, before, 1...1200)
            let service = try await ServiceKeys.open(database, sealer: before, purpose: "test")
            let rotation = MasterKeyRotation(database: database, sealer: both)
            #expect(try await rotation.rotate(Self.keys) == .init(rewrapped: 1200))
            #expect(try await rotation.rotate(.serviceKeys()) == .init(rewrapped: 1))
            #expect(try await rotation.rotate(Self.keys) == .init())
            #expect(try await opened(database, after, sealed) == 1200)
            #expect(try await opened(database, before, sealed) == 0)
            let versions = try await database.read(Column<Int>("distinct kek_version")) { "select \($0) from data_key" }
            #expect(versions == [2])
            let digest = try await ServiceKeys.open(database, sealer: after, purpose: "test").index(of: "a").exact("b")
            #expect(digest == service.index(of: "a").exact("b"))
            await #expect(throws: CryptoFault.self) {
                try await ServiceKeys.open(database, sealer: before, purpose: "test")
            }
        }
    }

    @Test func `while a process still wraps with the older key nothing is lost, and the next rotation finds it`()
        async throws
    {
        try await withKeyTables { database in
            let (old, new) = (try ring(1, 2), try rotated(keeping: 1))
            let first = try await fill(database, old, 1...300)
            let rotation = MasterKeyRotation(database: database, sealer: new)
            async let rotated = rotation.rotate(Self.keys)
            async let second = fill(database, old, 301...600)
            async let third = fill(database, new, 601...900)
            let sealed = try await first.merging(second) { $1 }.merging(third) { $1 }
            let count = try await rotated.rewrapped
            let rest = try await rotation.rotate(Self.keys).rewrapped
            #expect(count >= 300 && count + rest == 600)
            #expect(try await opened(database, try self.rotated(), sealed) == 900)
        }
    }

    @Test func `stopped in the middle, it is gone on with by starting it again`() async throws {
        try await withKeyTables { database in
            let (before, both) = (try sealer(), try rotated(keeping: 1))
            let sealed = try await fill(database, before, 1...3000)
            let rotation = MasterKeyRotation(database: database, sealer: both)
            let stopped = Task { try await rotation.rotate(Self.keys) }
            while try await rotation.count(Self.keys) == 3000 { await Task.yield() }
            stopped.cancel()
            _ = await stopped.result
            let left = try await rotation.count(Self.keys)
            #expect(try await opened(database, both, sealed) == 3000)
            #expect(try await rotation.rotate(Self.keys) == .init(rewrapped: left))
            #expect(try await opened(database, try rotated(), sealed) == 3000)
        }
    }

    @Test func `a row that somebody has locked is waited for by nobody in a circle, and is wrapped in the end`()
        async throws
    {
        try await withKeyTables { database in
            let sealed = try await fill(database, try sealer(), 1...2)
            let keys = DataKeys<Patient>(of: "test.patient", sealer: try sealer())
            let rotation = MasterKeyRotation(database: database, sealer: try rotated(keeping: 1))
            async let rotated = rotation.rotate(Self.keys)
            try await database.transaction { tx in
                for number in [1, 2] as [UInt64] {
                    _ = try await keys.key(
                        of: .init(high: 1, low: number), in: .init(high: 2, low: 2), at: .init(seconds: 0), in: tx)
                }
            }
            #expect(try await rotated == .init(rewrapped: 2))
            #expect(try await opened(database, try self.rotated(), sealed) == 2)
        }
    }

    @Test func `a key that no master key given opens stays as it is, and is counted`() async throws {
        try await withKeyTables { database in
            let sealed = try await fill(database, try sealer(), 1...2)
            try await database.run("update data_key set wrapped = '\\x0007' where owner_id = \(id(1))")
            let rotation = MasterKeyRotation(database: database, sealer: try rotated(keeping: 1))
            #expect(try await rotation.rotate(Self.keys) == .init(rewrapped: 1, unreadable: 1))
            #expect(try await opened(database, try rotated(), sealed) == 1)
            let without = MasterKeyRotation(database: database, sealer: try ring(3, 1))
            #expect(try await without.rotate(Self.keys) == .init(unreadable: 2))
        }
    }

    // MARK: What the tests stand on

    private func id(_ number: UInt64) -> ID<Patient> { ID(high: 1, low: number) }

    private func rotated(keeping old: UInt32? = nil) throws -> Sealer {
        Sealer(master: try master(2), others: try old.map { [try master($0)] } ?? [])
    }

    private func ring(_ current: UInt32, _ other: UInt32) throws -> Sealer {
        Sealer(master: try master(current), others: [try master(other)])
    }

    private func master(_ version: UInt32) throws -> MasterKey {
        if version == 1 {
            return try MasterKey(version: 1, secret: Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"))
        }
        return try MasterKey(version: version, secret: Secret(String(repeating: "c\(version)", count: 32)))
    }

    /// A key for each number, and a word under it.
    private func fill(
        _ database: Database, _ sealer: Sealer, _ numbers: ClosedRange<UInt64>
    ) async throws -> [ID<Patient>: [UInt8]] {
        let keys = DataKeys<Patient>(of: "test.patient", sealer: sealer)
        var sealed: [ID<Patient>: [UInt8]] = [:]
        for first in stride(from: numbers.lowerBound, through: numbers.upperBound, by: 100) {
            let some = try await database.transaction { tx in
                var some: [ID<Patient>: [UInt8]] = [:]
                for number in first...min(first + 99, numbers.upperBound) {
                    let kept = try await keys.key(
                        of: id(number), in: .init(high: 2, low: 2), at: .init(seconds: 0), in: tx)
                    some[id(number)] = try kept.key.seal("a word", authenticating: DataKeysTests.associatedData)
                }
                return some
            }
            sealed.merge(some) { $1 }
        }
        return sealed
    }

    /// How many of the words open.
    private func opened(
        _ database: Database, _ sealer: Sealer, _ sealed: [ID<Patient>: [UInt8]]
    ) async throws -> Int {
        let keys = try await DataKeys<Patient>(of: "test.patient", sealer: sealer).keys(
            of: Set(sealed.keys), in: database, as: Scope(account: "", role: ""))
        return keys.count { owner, key in
            sealed[owner].map { (try? key.openText($0, authenticating: DataKeysTests.associatedData)) == "a word" }
                ?? false
        }
    }
}
