package import Crypto
package import Kernel
package import Postgres

/// The keys of one service's chain: made at the first start, kept sealed under `DATA_ENCRYPTION_KEY`. Who has the
/// database alone can neither mark an entry, nor seal a batch, nor sign a head.
package struct AuditKeys: Sendable {
    /// Another program deletes keys while this one makes them.
    package struct Removed: Error, CustomStringConvertible {
        package let description = "the audit keys were removed while they were made"
    }

    let service: String
    /// Seals from now on; the others verify what they sealed.
    let current: AuditKey
    let older: [AuditKey]

    /// The public halves, by which anyone verifies signed heads.
    package var published: JWKS { JWKS(older.map(\.signer.verifying) + [current.signer.verifying]) }

    subscript(id: String) -> AuditKey? { current.id == id ? current : older.first { $0.id == id } }

    func mark(_ entry: AuditLine) -> [UInt8] { current.marks.sign(entry.form(of: service)) }

    /// Whether a process of ours wrote the row, or it was there before rows were marked.
    func isOurs(_ kept: StoredEntry) -> Bool {
        let keys = older + [current]
        guard let mark = kept.mark else { return keys.contains { kept.id <= $0.unmarkedUntil } }
        let form = kept.entry.form(of: service)
        return keys.contains { $0.marks.verify(mark, for: form) }
    }

    /// Opens the keys, and makes the first when there is none yet.
    package static func open(
        _ database: Database, sealer: Sealer, service: String, at now: Instant
    ) async throws -> AuditKeys {
        if let keys = try await read(database, sealer: sealer, service: service) { return keys }
        let fresh = try SigningKey.generate()
        let secret = Random.bytes(32)
        try await database.transaction { tx in
            try await tx.run("select pg_advisory_xact_lock(hashtextextended('audit key ' || current_schema(), 0))")
            let last = try await tx.run(Column<Int64>("coalesce(max(entry_id), 0)")) { "select \($0) from audit_entry" }
                .one
            let row = try AuditKey.Sealed(
                fresh, secret, unmarkedUntil: last, service: service, sealer: sealer)
            try await tx.run(
                """
                insert into audit_key (key_id, wrapped_key, sealed_secret, sealed_signer, created_at)
                select \(fresh.id), \(row.wrapped), \(row.secret), \(row.signer), \(now)
                where not exists (select from audit_key)
                """)
        }
        guard let keys = try await read(database, sealer: sealer, service: service) else {
            throw Removed()
        }
        return keys
    }

    /// Nil when there are none yet.
    package static func read(_ database: Database, sealer: Sealer, service: String) async throws -> AuditKeys? {
        let keys = try await database.read(Column<String>("key_id") + AuditKey.Sealed.row) {
            "select \($0) from audit_key order by created_at, key_id"
        }.map { id, sealed in try AuditKey(id: id, service: service, sealer: sealer, sealed) }
        guard let current = keys.last else { return nil }
        return AuditKeys(service: service, current: current, older: keys.dropLast())
    }
}

/// One generation of keys.
struct AuditKey: Sendable {
    let id: String
    /// Rows up to this number may be without a mark: they are older than marks are.
    let unmarkedUntil: Int64
    let marks: HMACKey
    let batches: HMACKey
    /// Seals the network addresses of entries.
    let addresses: DataKey
    let signer: SigningKey

    /// As it is kept: sealed, bound to its service and id.
    struct Sealed: Sendable {
        let wrapped: [UInt8]
        let secret: [UInt8]
        let signer: [UInt8]

        static let row = Projection(
            Column<[UInt8]>("wrapped_key"), Column<[UInt8]>("sealed_secret"), Column<[UInt8]>("sealed_signer")
        ) { Sealed(wrapped: $0, secret: $1, signer: $2) }
    }

    init(id: String, service: String, sealer: Sealer, _ sealed: Sealed) throws {
        let data = try sealer.unwrap(sealed.wrapped, for: Self.owner(service, id))
        let secret = try data.open(sealed.secret, authenticating: Self.associatedData(service, id, "sealed_secret"))
        let number = secret.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        unmarkedUntil = Int64(bitPattern: number)
        let bytes = Array(secret.dropFirst(8))
        marks = HMACKey(try HKDF.derive(bytes, info: Array("praxis audit marks 1".utf8), count: 32))
        batches = HMACKey(try HKDF.derive(bytes, info: Array("praxis audit batches 1".utf8), count: 32))
        addresses = try DataKey(derivedFrom: bytes, for: "praxis audit addresses 1")
        let pem = try data.openText(sealed.signer, authenticating: Self.associatedData(service, id, "sealed_signer"))
        signer = try SigningKey(pem: Secret(pem), id: id)
        self.id = id
    }

    fileprivate static func owner(_ service: String, _ id: String) -> String { "audit_key/\(service)/\(id)" }
    fileprivate static func associatedData(_ service: String, _ id: String, _ column: String) -> AssociatedData {
        AssociatedData(table: "audit_key", row: "\(service)/\(id)", column: column)
    }
}

extension AuditKey.Sealed {
    init(_ key: SigningKey, _ secret: [UInt8], unmarkedUntil: Int64, service: String, sealer: Sealer) throws {
        let (data, wrapped) = try sealer.makeKey(for: AuditKey.owner(service, key.id))
        let secret = AuditForm.bytes(of: UInt64(bitPattern: unmarkedUntil)) + secret
        self.init(
            wrapped: wrapped,
            secret: try data.seal(secret, authenticating: AuditKey.associatedData(service, key.id, "sealed_secret")),
            signer: try data.seal(
                try key.pem().expose(), authenticating: AuditKey.associatedData(service, key.id, "sealed_signer")))
    }
}
