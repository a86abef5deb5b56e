package import Crypto
package import Kernel
package import Postgres

/// Who did what, when: a row in the transaction of the deed itself, marked as ours. Rows are only ever added; sealing
/// them into a chain is done behind the writers' backs.
package struct AuditLog: Sendable {
    private let clock: any WallClock
    private let keys: AuditKeys?
    private let box: SealedBox?

    /// Without `keys` rows are not marked and never sealed, and no address is kept: for tests of what is written
    /// alone.
    /// - Parameter sealer: opens addresses of rows from before the keys sealed them.
    package init(clock: any WallClock, keys: AuditKeys? = nil, sealer: Sealer? = nil) {
        self.clock = clock
        self.keys = keys
        box = sealer.map { SealedBox($0) }
    }

    /// - Parameters:
    ///   - action: a stable word, as `account.registered`.
    ///   - subject: what it was done to, as `patient/<id>`; never a name.
    ///   - actor: who did it, where that is not the caller (somebody logging in).
    ///   - origin: the request or work that caused it.
    package func record(
        _ action: String, subject: String? = nil, actor: ID<Account>? = nil, from origin: Origin, in tx: Transaction
    ) async throws {
        tx.send(insertion(of: [try entry(action, subject: subject, actor: actor, from: origin)]))
    }

    func entry(
        _ action: String, subject: String?, actor: ID<Account>? = nil, from origin: Origin
    ) throws -> AuditLine {
        let address = try origin.address.flatMap { try keys?.seal(address: $0, ofRequest: origin.requestID) }
        return AuditLine(
            at: clock.now, action: action, actor: actor ?? origin.caller?.account, role: origin.caller?.role.rawValue,
            subject: subject, requestID: origin.requestID, address: address)
    }

    /// One statement for any number of entries; it puts each on the list of those that wait to be sealed.
    func insertion(of entries: [AuditLine]) -> SQL {
        """
        with written as (
            insert into audit_entry (at, action, actor_id, actor_role, subject, request_id, address, mark)
            \(sql: rows(of: entries)) returning entry_id)
        insert into audit_unsealed (entry_id) select entry_id from written
        """
    }

    /// One row, as most are, is written as it is; for more of them the statement must not have a form for each number.
    private func rows(of entries: [AuditLine]) -> SQL {
        if entries.count == 1, let entry = entries.first {
            return """
                values (\(entry.at), \(entry.action), \(entry.actor), \(entry.role), \(entry.subject),
                    \(entry.requestID), \(entry.address), \(keys?.mark(entry)))
                """
        }
        return """
            select * from unnest(
                \(entries.map { $0.at })::timestamptz[], \(entries.map { $0.action })::text[],
                \(entries.map { $0.actor })::uuid[], \(entries.map { $0.role })::text[],
                \(entries.map { $0.subject })::text[], \(entries.map { $0.requestID })::text[],
                \(entries.map { $0.address })::bytea[], \(entries.map { keys?.mark($0) })::bytea[])
            """
    }

    /// The address a row's request came from; nil where none was kept.
    package func address(_ sealed: [UInt8]?, ofRequest id: String?) throws -> String? {
        guard let sealed else { return nil }
        if AuditKeys.isBoxed(sealed) {
            let cell = AuditKeys.addressCell(ofRequest: id ?? "")
            return try box.flatMap {
                String(validating: try $0.open(sealed, authenticating: cell, owner: "audit"), as: UTF8.self)
            }
        }
        return try keys?.open(address: sealed, ofRequest: id ?? "")
    }
}
