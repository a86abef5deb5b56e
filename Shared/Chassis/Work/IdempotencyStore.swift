import API
package import Crypto
import HTTP
package import Kernel
import Postgres
import Web

/// Answers stored under the `Idempotency-Key` of their request, in the transaction of the write they answer: they exist
/// if and only if the write does. Keys and bodies may be about people: keys are stored as keyed hashes, answers sealed.
package struct IdempotencyStore: Sendable {
    /// How long a repeated request gets the first one's answer.
    package static let lifetime: Duration = .seconds(24 * 3600)

    private let clock: any WallClock
    private let box: SealedBox
    private let hash: HMACKey

    package init(clock: any WallClock, sealer: Sealer, secret: Secret) throws(CryptoFault) {
        self.clock = clock
        box = SealedBox(sealer)
        hash = HMACKey(
            try HKDF.derive(Array(secret.expose().utf8), info: Array("praxis kept answers 1".utf8), count: 32))
    }

    /// Takes the key for this transaction. Another request that holds it is waited for, as long as a lock is waited
    /// for; if it has then committed, its answer is thrown as `Replay`.
    func claim(_ key: String, _ call: Call, in tx: Transaction) async throws {
        let rowKey = RowKey(call, mark(key, call))
        let print = hash.sign(try fingerprint(of: call))
        let now = clock.now
        let isTaken: Bool
        do {
            isTaken =
                try await tx.run(
                    """
                    insert into idempotency_key as stored (caller, route, key_hash, fingerprint, created_at)
                    values (\(rowKey.caller), \(rowKey.route), \(rowKey.key), \(print), \(now))
                    on conflict (caller, route, key_hash) do update
                        set fingerprint = excluded.fingerprint, created_at = excluded.created_at, answer = null
                        where stored.created_at <= \(now - Self.lifetime)
                    """
                ).affected == 1
        } catch let error as DatabaseUnavailable where error.reason == .busy {
            // Inside a transaction this is the time limit on a lock: whoever holds the key has not ended.
            throw Problem(.requestInProgress, "A request with this Idempotency-Key is still being worked on.")
        }
        if !isTaken { throw Replay(try await stored(rowKey, print, in: tx)) }
    }

    /// Throws the answer of a request that has committed under this key as `Replay`; takes and locks nothing.
    func recall(_ key: String, _ call: Call, in database: Database) async throws {
        let rowKey = RowKey(call, mark(key, call))
        let rows = try await database.read(Self.row, as: call.origin.scope) {
            """
            select \($0) from idempotency_key
            where caller = \(rowKey.caller) and route = \(rowKey.route) and key_hash = \(rowKey.key)
                and created_at > \(clock.now - Self.lifetime)
            """
        }
        guard let row = rows.first else { return }
        throw Replay(try response(of: row, rowKey, hash.sign(try fingerprint(of: call))))
    }

    /// The answer's status, fields and body, beside the write itself.
    func save(_ response: Response, _ key: String, _ call: Call, in tx: Transaction) async throws {
        guard case .bytes(let body) = response.body else { return try await save(response, [], key, call, in: tx) }
        try await save(response, body, key, call, in: tx)
    }

    private func save(_ response: Response, _ body: [UInt8], _ key: String, _ call: Call, in tx: Transaction)
        async throws
    {
        let rowKey = RowKey(call, mark(key, call))
        let plain = StoredResponse(status: response.status.code, fields: response.headers.fields, body: body).bytes
        let sealed = try box.seal(plain, authenticating: rowKey.associatedData, owner: rowKey.owner)
        try await tx.run(
            """
            update idempotency_key set answer = \(sealed)
            where caller = \(rowKey.caller) and route = \(rowKey.route) and key_hash = \(rowKey.key)
            """)
    }

    /// Anonymous callers' keys are distinguished by network address, or the same easy key of
    /// two people would be one. A key holds no zero byte.
    private func mark(_ key: String, _ call: Call) -> [UInt8] {
        hash.sign(call.caller == nil ? "\(call.origin.address ?? "")\0\(key)" : key)
    }

    /// It is known once the body is whole: who writes before an upload was received has made a mistake.
    private func fingerprint(of call: Call) throws(Problem) -> [UInt8] {
        guard let digest = call.fingerprint?.digest else { throw .internalError }
        return digest
    }

    private func stored(_ rowKey: RowKey, _ print: [UInt8], in tx: Transaction) async throws -> Response {
        let row = try await tx.run(Self.row) {
            """
            select \($0) from idempotency_key
            where caller = \(rowKey.caller) and route = \(rowKey.route) and key_hash = \(rowKey.key)
            """
        }.one
        return try response(of: row, rowKey, print)
    }

    /// The fingerprint of the request, and its sealed answer.
    private static let row = Projection(Column<[UInt8]>("fingerprint"), Column<[UInt8]>("answer"))

    private func response(of row: ([UInt8], [UInt8]), _ rowKey: RowKey, _ print: [UInt8]) throws -> Response {
        let (fingerprint, sealed) = row
        guard fingerprint == print else {
            throw Problem(.idempotencyKeyReused, "This Idempotency-Key was used with another request.")
        }
        guard
            let form = StoredResponse(try box.open(sealed, authenticating: rowKey.associatedData, owner: rowKey.owner))
        else {
            throw Problem.internalError
        }
        return form.response
    }

    /// Deletes what is older than a day, some at a time; answers how many.
    func removeExpired(in database: Database) async throws -> Int {
        try await database.run(
            """
            delete from idempotency_key where ctid in
                (select ctid from idempotency_key where created_at <= \(clock.now - Self.lifetime) limit 1000)
            """
        ).affected
    }

    /// The row's primary key: whose idempotency key it is, and of which route.
    private struct RowKey {
        let caller: String
        let route: String
        let key: [UInt8]

        init(_ call: Call, _ key: [UInt8]) {
            caller = call.caller?.account.description ?? "anonymous"
            route = call.declaration.name
            self.key = key
        }

        var owner: String { "idempotency/\(caller)" }
        var associatedData: AssociatedData {
            AssociatedData(table: "idempotency_key", row: "\(caller)/\(route)/\(Hex.encode(key))", column: "answer")
        }
    }
}
