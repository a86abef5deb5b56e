import API
import Crypto
import Files
import Glibc
import Kernel
import Lifecycle
import Net
import Observability
import Postgres
import TestSupport
import Testing

@testable import Audit

/// A service's audit trail with its sealer, on a database of the test's own, and a folder for signed heads.
struct ChainFixture: Sendable {
    struct GivenClock: WallClock { var now = Instant(seconds: 1_760_000_000) }

    static let staff = Caller(account: .init(high: 1, low: 2), role: .staff, session: .init(high: 3, low: 4))
    private static let schema = [
        Migration(number: 1, name: "audit", sql: Array(AuditSchema.entries.utf8)),
        Migration(number: 2, name: "audit_chain", sql: Array(AuditSchema.chain.utf8)),
        Migration(number: 3, name: "audit_addresses", sql: Array(AuditSchema.addresses.utf8)),
    ]

    let database: Database
    let home: TestDatabase
    let group: EventLoopGroup
    let master: MasterKey
    let sealer: Sealer
    let keys: AuditKeys
    let folder: String
    let metrics = Metrics()
    let clock = GivenClock()

    var audit: AuditLog { AuditLog(clock: clock, keys: keys, sealer: sealer) }
    var file: LineFile { LineFile(path: "\(folder)/registry.heads", thread: "audit heads") }

    /// - Parameter before: runs as the superuser when the chain's tables are there and its keys are not.
    static func open(
        before: String = "", _ body: @escaping @Sendable (ChainFixture) async throws -> Void
    ) async throws {
        try await withDatabase(schema: "registry", role: "registry_service", transactions: 8) { database, home, group in
            let settings = home.settings(schema: "registry", role: "registry_service")
            _ = try await Migrator(settings, schema).migrate()
            if !before.isEmpty { home.script(before) }
            let key = Secret("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
            let master = try MasterKey(version: 1, secret: key)
            let sealer = Sealer(master: master)
            let keys = try await AuditKeys.open(
                database, sealer: sealer, service: "registry", at: GivenClock().now)
            let folder = "/tmp/\(home.name)-heads"
            defer {
                unsafe unlink("\(folder)/registry.heads")
                unsafe rmdir(folder)
            }
            try await body(
                ChainFixture(
                    database: database, home: home, group: group, master: master, sealer: sealer, keys: keys,
                    folder: folder))
        }
    }

    static let origin = Origin(caller: staff, requestID: "request-1", address: "192.0.2.7", traceparent: nil)

    func newSealer(interval: Duration = .seconds(3600)) -> AuditSealer {
        AuditSealer(
            database: database, keys: keys, file: file, interval: interval, clock: clock, metrics: metrics)
    }

    func write(_ count: Int = 1) async throws {
        for _ in 0..<count {
            try await database.transaction { tx in
                try await audit.record("note.added", subject: "note/1", from: ChainFixture.origin, in: tx)
            }
        }
    }

    /// Entries 1 to 12 in three batches of four.
    func threeBatches() async throws {
        for _ in 0..<3 {
            try await write(4)
            try await newSealer().seal()
        }
    }

    func verify() async throws -> AuditReport {
        let keys = try await AuditKeys.read(database, sealer: sealer, service: "registry")
        return try await AuditVerifier(database, service: "registry", keys: keys, file: file).verify()
    }

    /// What `verify` names: the kind, the entry, the batch.
    func finding() async throws -> String {
        guard let finding = try await verify().finding else { return "whole" }
        let entry = finding.entry.map { " entry \($0)" } ?? ""
        return "\(finding.kind.rawValue)\(entry)\(finding.batch.map { " batch \($0)" } ?? "")"
    }

    /// As somebody with all rights in the database and none outside it.
    func tamper(_ sql: String) { home.script("set search_path to registry; " + sql) }

    func batches() async throws -> [[Int64]] {
        try await database.read(Column<[Int64]>("entry_ids")) { "select \($0) from audit_batch order by batch_number" }
    }

    func until(_ sentence: Comment, _ holds: () async throws -> Bool) async throws {
        if try await !group.comesToHold(holds) { Issue.record("waited in vain until \(sentence)") }
    }
}
