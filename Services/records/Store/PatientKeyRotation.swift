package import Kernel
package import Postgres

/// Gives a patient a new key while everybody goes on reading and writing: a new version seals from then on, what older
/// ones sealed is sealed anew in batches, and an older key goes when no row names it. Stopped anywhere it is begun
/// again and goes on where it was, since rows say which key sealed them.
package struct PatientKeyRotation: Sendable {
    private let database: Database
    private let keys: PatientKeys
    private let columns: [SealedColumn]
    private let clock: any WallClock

    /// Rows of one transaction.
    static let batch = 500

    package init(
        database: Database, keys: PatientKeys, columns: [SealedColumn] = SealedColumn.all, clock: any WallClock
    ) {
        self.database = database
        self.keys = keys
        self.columns = columns
        self.clock = clock
    }

    /// How many cells were sealed anew; nil of a patient without a key.
    /// - Parameter isAnew: makes a new version first; without, an earlier rotation is finished.
    package func rotate(_ patient: ID<Patient>, isAnew: Bool = true) async throws -> Int? {
        guard try await keys.owner(of: patient) != nil else { return nil }
        if isAnew { try await keys.addVersion(of: patient, at: clock.now) }
        var count = 0
        for column in columns {
            while true {
                let sealed = try await reseal(column, of: patient)
                count += sealed
                if sealed < Self.batch { break }
            }
        }
        try await keys.removeUnused(of: patient)
        return count
    }

    /// The keys are read before the transaction, which asks for no other connection.
    private func reseal(_ column: SealedColumn, of patient: ID<Patient>) async throws -> Int {
        let known = try await keys.all(of: patient)
        guard let newest = known.values.max(by: { $0.version < $1.version }) else { return 0 }
        let row = Projection(
            Column<String>("(\(sql: column.id))::text"), Column<Int>(column.rowVersion), Column<[UInt8]>(column.sealed),
            Column<Int>(column.keyVersion), make: Row.init)
        return try await database.transaction(as: .service) { tx in
            let rows = try await tx.run(row) {
                """
                select \($0) from \(sql: column.table)
                where patient_id = \(patient) and \(sql: column.sealed) is not null
                    and \(sql: column.keyVersion) < \(newest.version)
                limit \(Self.batch) for update
                """
            }
            for row in rows {
                guard let old = known[row.keyVersion] else { throw PatientKeys.Destroyed() }
                let cell = column.cell(row.id, row.version)
                let sealed = try newest.seal(try old.open(row.sealed, from: cell), for: cell)
                try await tx.run(
                    """
                    update \(sql: column.table) set \(sql: column.sealed) = \(sealed),
                        \(sql: column.keyVersion) = \(newest.version)
                    where patient_id = \(patient) and (\(sql: column.id))::text = \(row.id)
                        and \(sql: column.rowVersion) = \(row.version)
                    """)
            }
            return rows.count
        }
    }

    private struct Row: Sendable {
        let id: String
        let version: Int
        let sealed: [UInt8]
        let keyVersion: Int
    }
}
