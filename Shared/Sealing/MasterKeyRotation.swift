package import Crypto
package import Postgres

/// Wraps keys anew under the current master key, while services go on reading and writing: both master keys open until
/// the older one is taken away. A row says by itself which one wraps its key, so that a rotation that was stopped
/// anywhere is gone on with by starting it again. Walks the tables by their pages, as a login that may change them.
package struct MasterKeyRotation: Sendable {
    /// Of one transaction: some hundred rows.
    static let pages = 16
    /// Passes over a table before it is said that others keep writing it.
    private static let passes = 100

    private let database: Database
    private let sealer: Sealer

    package init(database: Database, sealer: Sealer) {
        self.database = database
        self.sealer = sealer
    }

    /// What was done to a column.
    package struct Outcome: Sendable, Equatable {
        package var rewrapped = 0
        /// Keys that no master key given opens; they stay as they are.
        package var unreadable = 0

        package init(rewrapped: Int = 0, unreadable: Int = 0) {
            self.rewrapped = rewrapped
            self.unreadable = unreadable
        }
    }

    /// Rows stay locked by others, or are written under another master key as fast as they are wrapped anew.
    package struct Busy: Error {}

    /// Repeats until a pass leaves nothing behind: rows are written meanwhile, and those that somebody has locked are
    /// left for the next pass, so that nobody waits for this in a circle.
    /// - Throws: `Busy`.
    package func rotate(_ keys: WrappedKeys) async throws -> Outcome {
        var rewrapped = 0
        for _ in 0..<Self.passes {
            let pass = try await pass(keys)
            rewrapped += pass.rewrapped
            if try await count(keys) <= pass.unreadable {
                return Outcome(rewrapped: rewrapped, unreadable: pass.unreadable)
            }
            if pass.rewrapped == 0 { try await Task.sleep(for: .milliseconds(50)) }
        }
        throw Busy()
    }

    /// How many keys another master key wraps.
    package func count(_ keys: WrappedKeys) async throws -> Int {
        try await database.run(Column<Int>("count(*)"), as: .service) {
            """
            select \($0) from \(sql: keys.table)
            where \(sql: keys.column) is not null and \(sql: keys.isUnderAnother(than: sealer.version))
            """
        }.one
    }

    private func pass(_ keys: WrappedKeys) async throws -> Outcome {
        let size = Column<Int>("pg_relation_size(to_regclass(\(keys.table.text))) / current_setting('block_size')::int")
        let end = try await database.read(size).one
        var outcome = Outcome()
        for page in stride(from: 0, through: end, by: Self.pages) {
            let some = try await batch(keys, from: page)
            outcome.rewrapped += some.rewrapped
            outcome.unreadable += some.unreadable
        }
        return outcome
    }

    private func batch(_ keys: WrappedKeys, from page: Int) async throws -> Outcome {
        let row = Projection(
            Column<String>("ctid::text"), Column<String>(keys.owner), Column<[UInt8]>(keys.column), make: Row.init)
        return try await database.transaction(as: .service) { tx in
            let rows = try await tx.run(row) {
                """
                select \($0) from \(sql: keys.table)
                where ctid >= \("(\(page),0)")::tid and ctid < \("(\(page + Self.pages),0)")::tid
                    and \(sql: keys.column) is not null and \(sql: keys.isUnderAnother(than: sealer.version))
                for no key update skip locked
                """
            }
            let wrapped = rows.map { rewrap($0, keys.form) }
            try await keep(zip(rows, wrapped).compactMap { row, new in new.map { (row.place, $0) } }, keys, tx)
            return Outcome(
                rewrapped: wrapped.count { $0 != nil }, unreadable: wrapped.count { $0 == nil })
        }
    }

    /// Nil of a key that does not open.
    private func rewrap(_ row: Row, _ form: WrappedKeys.Form) -> [UInt8]? {
        switch form {
        case .key: try? sealer.rewrap(row.wrapped, for: row.owner)
        case .box: try? SealedBox(sealer).rewrap(row.wrapped, owner: row.owner)
        }
    }

    private func keep(_ rows: [(place: String, wrapped: [UInt8])], _ keys: WrappedKeys, _ tx: Transaction) async throws
    {
        if rows.isEmpty { return }
        let version: SQL = keys.version.map { ", \(sql: $0) = \(Int(sealer.version))" } ?? ""
        try await tx.run(
            """
            update \(sql: keys.table) t set \(sql: keys.column) = n.wrapped\(sql: version)
            from unnest(\(rows.map(\.place))::text[], \(rows.map(\.wrapped))::bytea[]) n (place, wrapped)
            where t.ctid = any(\(rows.map(\.place))::tid[]) and t.ctid = n.place::tid
            """)
    }

    private struct Row: Sendable {
        /// Where the row stands, which its lock keeps as it is.
        let place: String
        let owner: String
        let wrapped: [UInt8]
    }
}
