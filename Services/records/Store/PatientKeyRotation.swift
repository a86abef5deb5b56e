package import Kernel
package import Postgres

/// Gives a patient a new key while everybody goes on reading and writing: a new version seals from then on, what older
/// ones sealed is sealed anew in batches, and an older key goes when no row names it and no request can hold it any
/// more. Stopped anywhere it is finished later, since rows say which key sealed them.
package struct PatientKeyRotation: Sendable {
    private let database: Database
    private let keys: PatientKeys
    private let columns: [SealedColumn]
    private let clock: any WallClock

    /// Rows of one transaction.
    static let batch = 500
    /// How long a key is kept beside its successor: longer than any request, of which uploads have five minutes.
    package static let keeps: Duration = .seconds(600)

    package init(
        database: Database, keys: PatientKeys, columns: [SealedColumn] = SealedColumn.all, clock: any WallClock
    ) {
        self.database = database
        self.keys = keys
        self.columns = columns
        self.clock = clock
    }

    /// How many cells were sealed anew; nil of a patient without a key. An older key is left for `finishAll`.
    package func rotate(_ patient: ID<Patient>) async throws -> Int? {
        guard try await keys.owner(of: patient) != nil else { return nil }
        try await keys.addVersion(of: patient, at: clock.now)
        return try await finish(patient)
    }

    /// Finishes what was begun some time ago: rotations that were stopped, rows that were written meanwhile, and keys
    /// that nobody can hold any more.
    package func finishAll() async throws {
        for patient in try await keys.withOlder(succeededBefore: clock.now - Self.keeps) {
            _ = try await finish(patient)
        }
    }

    private func finish(_ patient: ID<Patient>) async throws -> Int {
        var count = 0
        for column in columns {
            while true {
                let sealed = try await reseal(column, of: patient)
                count += sealed
                if sealed < Self.batch { break }
            }
        }
        try await keys.removeUnused(of: patient, succeededBefore: clock.now - Self.keeps)
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
