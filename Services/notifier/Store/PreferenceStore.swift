import Chassis
package import Kernel
package import Postgres

/// Asks the database how people want to be told.
package struct PreferenceStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// What an account chose, and how often it was changed: 0 where nothing was.
    package struct Kept: Sendable {
        package let preferences: NotificationPreferences
        package let version: Int64

        static let nothing = Kept(preferences: .default, version: 0)
    }

    package func find(of caller: Caller) async throws -> Kept {
        try await database.read(Self.row, as: Scope(caller)) {
            "select \($0) from preference where account_id = \(caller.account)"
        }.first?.kept ?? .nothing
    }

    /// The same, kept from changing until the transaction ends.
    package func lock(_ account: ID<Account>, at now: Instant, in tx: Transaction) async throws -> Kept {
        try await tx.run(
            """
            insert into preference (account_id, updated_at) values (\(account), \(now))
            on conflict (account_id) do nothing
            """)
        return try await tx.run(Self.row) {
            "select \($0) from preference where account_id = \(account) for update"
        }.one.kept
    }

    /// Keeps them as the next version, which it gives.
    package func keep(
        _ preferences: NotificationPreferences, of account: ID<Account>, at now: Instant, in tx: Transaction
    ) async throws -> Int64 {
        let (hours, chosen) = (preferences.quietHours, preferences.chosen)
        return try await tx.run(Column<Int64>("version")) {
            """
            update preference set timezone = \(preferences.timezone), quiet_from = \(hours?.fromText)::time,
                quiet_to = \(hours?.toText)::time, appointment = \(chosen[.appointment])::text[],
                reminder = \(chosen[.reminder])::text[], prescription = \(chosen[.prescription])::text[],
                waitlist = \(chosen[.waitlist])::text[], access = \(chosen[.access])::text[],
                product = \(chosen[.product])::text[], version = version + 1, updated_at = \(now)
            where account_id = \(account) returning \($0)
            """
        }.one
    }

    /// What an account wants now.
    package func current(of account: ID<Account>) async throws -> NotificationPreferences {
        try await database.read(Self.row, as: .service) {
            "select \($0) from preference where account_id = \(account)"
        }.first?.kept.preferences ?? .default
    }

    /// Of those who chose something.
    package func all(
        of accounts: Set<ID<Account>>, in tx: Transaction
    ) async throws -> [ID<Account>: NotificationPreferences] {
        let rows = try await tx.run(Self.row) {
            "select \($0) from preference where account_id = any(\(Array(accounts))::uuid[])"
        }
        return Dictionary(rows.map { ($0.account, $0.kept.preferences) }, uniquingKeysWith: { first, _ in first })
    }

    package func knows(timezone: String, in tx: Transaction) async throws -> Bool {
        try await tx.run(Column<Bool>("exists (select 1 from pg_timezone_names where name = \(timezone))")).one
    }

    private struct Row: Sendable {
        let account: ID<Account>
        let kept: Kept
    }

    private static let row = Projection(
        Column<ID<Account>>("account_id"), Column<String>("timezone"), minutes("quiet_from"), minutes("quiet_to"),
        Column<[NotificationWay]?>("appointment"), Column<[NotificationWay]?>("reminder"),
        Column<[NotificationWay]?>("prescription"), Column<[NotificationWay]?>("waitlist"),
        Column<[NotificationWay]?>("access"), Column<[NotificationWay]?>("product"), Column<Int64>("version")
    ) { account, zone, from, to, appointment, reminder, prescription, waitlist, access, product, version in
        let ways: [PreferenceKind: [NotificationWay]?] = [
            .appointment: appointment, .reminder: reminder, .prescription: prescription, .waitlist: waitlist,
            .access: access, .product: product,
        ]
        var hours: QuietHours?
        if let from, let to { hours = QuietHours(from: from, to: to) }
        let preferences = NotificationPreferences(
            timezone: zone, quietHours: hours, ways: ways.compactMapValues(\.self))
        return Row(account: account, kept: Kept(preferences: preferences, version: version))
    }

    private static func minutes(_ column: SQL) -> Column<Int?> {
        Column("(extract(epoch from \(sql: column)) / 60)::integer")
    }
}

extension NotificationWay: SQLValue {}
