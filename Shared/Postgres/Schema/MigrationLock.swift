internal import Kernel
internal import Lifecycle
internal import Observability

/// Lets the migrators of one schema take turns. The lock belongs to a transaction and ends with it, whatever becomes of
/// the connection.
package struct MigrationLock: Sendable {
    /// Who has the lock, as `pg_stat_activity` shows it.
    package struct Holder: Sendable, Equatable {
        package let processID: Int
        package let application: String
        /// How long that session has been there; nil where the login may not see it.
        package let seconds: Int?
    }

    private let schema: String
    private let interval: Duration
    private let onWait: @Sendable (Holder?) -> Void

    /// - Parameters:
    ///   - interval: how often it is said that it waits.
    ///   - onWait: told the holder, nil where it has just let go.
    package init(
        of schema: String, interval: Duration = .seconds(5), onWait: (@Sendable (Holder?) -> Void)? = nil
    ) {
        self.schema = schema
        self.interval = interval
        self.onWait = onWait ?? { Self.tell($0, schema) }
    }

    /// Runs `body` in one transaction that has the lock. What it throws undoes all it did.
    func hold<T>(_ session: BlockingSession, _ body: () throws -> T) throws -> T {
        try take(session)
        do {
            let value = try body()
            try session.script("commit")
            return value
        } catch {
            try? session.script("rollback")
            throw error
        }
    }

    private var key: SQL { "hashtextextended(\("praxis migrations of " + schema), 0)" }

    private func take(_ session: BlockingSession) throws {
        let step = max(interval.wholeNanoseconds / 1_000_000, 1)
        while true {
            try session.script("begin; set local lock_timeout = '\(step)ms'")
            do throws(DatabaseError) {
                try session.run("select pg_advisory_xact_lock(" + key + ")")
                return try session.script("set local lock_timeout = 0")
            } catch {
                guard error.sqlState == "55P03" else { throw error }
                try session.script("rollback")
                onWait(try holder(session))
            }
        }
    }

    /// `pg_locks` shows the two halves of a key of 64 bits.
    private func holder(_ session: BlockingSession) throws -> Holder? {
        let row = Projection(
            Column<Int>("pid"), Column<String>("coalesce(application_name, '')"),
            Column<Int?>("extract(epoch from clock_timestamp() - backend_start)::bigint"))
        let found = try session.run(row) {
            """
            select \($0) from pg_locks join pg_stat_activity using (pid)
            where locktype = 'advisory' and objsubid = 1 and granted
            and pg_locks.database = (select oid from pg_database where datname = current_database())
            and (classid::bigint << 32) | objid::bigint =
            """ + " " + key
        }
        return found.first.map { Holder(processID: $0.0, application: $0.1, seconds: $0.2) }
    }

    private static func tell(_ holder: Holder?, _ schema: String) {
        guard let holder else { return }
        log.warning(
            "another process migrates this schema; waiting for it",
            [
                "schema": schema, "pid": holder.processID, "application": holder.application,
                "connected_seconds": holder.seconds ?? -1,
            ])
    }
}
