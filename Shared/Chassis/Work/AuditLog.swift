package import Crypto
package import Kernel
package import Postgres
package import Web

/// Who did what, when: a row in the transaction of the deed itself. Rows are only ever added; sealing them into a chain
/// is done behind the writers' backs.
package struct AuditLog: Sendable {
    private let clock: any WallClock
    private let box: SealedBox?

    /// Without `sealer` no address is kept.
    package init(clock: any WallClock, sealer: Sealer? = nil) {
        self.clock = clock
        box = sealer.map { SealedBox($0) }
    }

    /// - Parameters:
    ///   - action: a stable word, as `account.registered`.
    ///   - subject: what it was done to, as `patient/<id>`; never a name.
    ///   - actor: who did it, where that is not the caller (somebody logging in).
    package func record(
        _ action: String, subject: String? = nil, actor: ID<Account>? = nil, on call: Call, in tx: Transaction
    ) async throws {
        let address = try box.map { box in
            try box.seal(Array(call.clientAddress.utf8), at: Self.place(call.requestID), owner: Self.owner)
        }
        try await tx.run(
            """
            insert into audit_entry (at, action, actor_id, actor_role, subject, request_id, address)
            values (\(clock.now), \(action), \(actor ?? call.caller?.account), \(call.caller?.role.rawValue),
                \(subject), \(call.requestID), \(address))
            """)
    }

    /// The address a row's request came from; nil where none was kept.
    package func address(_ sealed: [UInt8]?, ofRequest id: String?) throws -> String? {
        guard let sealed, let box else { return nil }
        let plain = try box.open(sealed, at: Self.place(id ?? ""), owner: Self.owner)
        return String(validating: plain, as: UTF8.self)
    }

    private static let owner = "audit"
    private static func place(_ request: String) -> SealedPlace {
        SealedPlace(table: "audit_entry", row: request, column: "address")
    }
}
