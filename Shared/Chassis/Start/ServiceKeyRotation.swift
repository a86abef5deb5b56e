package import API
import Audit
package import Crypto
package import Postgres
package import Sealing

/// Wraps all that one service keeps under its master keys anew, the keys of the audit chain last.
package struct ServiceKeyRotation: Sendable {
    private let name: ServiceName
    private let database: Database
    private let sealer: Sealer

    /// - Parameters:
    ///   - database: as a login that owns the tables.
    ///   - sealer: of the chassis's own tables.
    package init(of name: ServiceName, in database: Database, sealer: Sealer) {
        self.name = name
        self.database = database
        self.sealer = sealer
    }

    /// - Parameters:
    ///   - wrapped: the service's own columns, each with its master key.
    ///   - tell: hears of each column when it is done.
    /// - Returns: what was done, by column.
    package func rotate(
        _ wrapped: [(keys: WrappedKeys, sealer: Sealer)],
        tell: (String, MasterKeyRotation.Outcome) -> Void = { _, _ in }
    ) async throws -> [String: MasterKeyRotation.Outcome] {
        var done: [String: MasterKeyRotation.Outcome] = [:]
        func note(_ column: String, _ outcome: MasterKeyRotation.Outcome) {
            done[column] = outcome
            tell(column, outcome)
        }
        for (keys, sealer) in wrapped { note(keys.name, try await rotate(keys, sealer)) }
        note("audit_entry.address", try await sealAddressesAnew())
        for keys in ChassisSchema.wrappedKeys { note(keys.name, try await rotate(keys, sealer)) }
        return done
    }

    private func rotate(_ keys: WrappedKeys, _ sealer: Sealer) async throws -> MasterKeyRotation.Outcome {
        do {
            return try await MasterKeyRotation(database: database, sealer: sealer).rotate(keys)
        } catch is MasterKeyRotation.Busy {
            throw StartFault(
                "\(keys.name) stays locked, or is written under another master key: does a process still wrap with it?")
        }
    }

    private func sealAddressesAnew() async throws -> MasterKeyRotation.Outcome {
        guard let keys = try await AuditKeys.read(database, sealer: sealer, service: name.rawValue) else {
            return MasterKeyRotation.Outcome()
        }
        let (sealed, unreadable) = try await keys.sealAddressesAnew(in: database, sealer)
        return MasterKeyRotation.Outcome(rewrapped: sealed, unreadable: unreadable)
    }
}
