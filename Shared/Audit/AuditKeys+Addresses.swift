package import Crypto
package import Postgres

/// Network addresses of entries: personal, and so sealed, bound to the request they came with.
extension AuditKeys {
    func seal(address: String, ofRequest id: String) throws -> [UInt8] {
        try current.addresses.seal(address, authenticating: Self.addressCell(ofRequest: id))
    }

    /// - Throws: `CryptoFault` of one that was changed, or is another request's.
    func open(address sealed: [UInt8], ofRequest id: String) throws -> String {
        let cell = Self.addressCell(ofRequest: id)
        for key in older {
            if let text = try? key.addresses.openText(sealed, authenticating: cell) { return text }
        }
        return try current.addresses.openText(sealed, authenticating: cell)
    }

    static func addressCell(ofRequest id: String) -> AssociatedData {
        AssociatedData(table: "audit_entry", row: id, column: "address")
    }

    /// Whether it is of before these keys sealed addresses: a `SealedBox` under the master key.
    static func isBoxed(_ sealed: [UInt8]) -> Bool { sealed.first == 0 }

    /// Seals anew, beside the entries, the addresses that a master key sealed; the entries cannot be changed. May be
    /// stopped and started again. Needs a login that may add to `audit_address`.
    /// - Returns: how many were sealed anew, and how many do not open.
    package func sealAddressesAnew(
        in database: Database, _ sealer: Sealer
    ) async throws -> (sealed: Int, unreadable: Int) {
        var (sealed, unreadable, last) = (0, 0, Int64.min)
        while true {
            let rows = try await boxed(after: last, in: database)
            guard let end = rows.last else { return (sealed, unreadable) }
            let new = try rows.compactMap { row in try sealedAnew(row, sealer).map { (row.entry, $0) } }
            try await database.run(
                """
                insert into audit_address (entry_id, sealed)
                select * from unnest(\(new.map { $0.0 })::bigint[], \(new.map { $0.1 })::bytea[]) on conflict do nothing
                """)
            sealed += new.count
            unreadable += rows.count - new.count
            last = end.entry
        }
    }

    private struct BoxedAddress: Sendable {
        let entry: Int64
        let request: String?
        let sealed: [UInt8]
    }

    private func boxed(after last: Int64, in database: Database) async throws -> [BoxedAddress] {
        let row = Projection(
            Column<Int64>("entry_id"), Column<String?>("request_id"), Column<[UInt8]>("address"),
            make: BoxedAddress.init)
        return try await database.run(row) {
            """
            select \($0) from audit_entry e
            where entry_id > \(last) and substr(address, 1, 1) = '\\x00'
                and not exists (select from audit_address a where a.entry_id = e.entry_id)
            order by entry_id limit 500
            """
        }
    }

    /// Nil of one that does not open.
    private func sealedAnew(_ row: BoxedAddress, _ sealer: Sealer) throws -> [UInt8]? {
        let cell = Self.addressCell(ofRequest: row.request ?? "")
        guard let plain = try? SealedBox(sealer).open(row.sealed, authenticating: cell, owner: "audit") else {
            return nil
        }
        return try current.addresses.seal(plain, authenticating: cell)
    }
}
