package import Kernel
import Lifecycle
package import Postgres

/// The time zones that the database knows. Asked once: they are read from files and change with the system's packages.
package final class TimeZoneStore: Sendable {
    private let database: Database
    private let names = Locked<Set<String>?>(nil)

    package init(database: Database) { self.database = database }

    package func knows(_ name: String) async throws -> Bool {
        if let names = names.withLock({ $0 }) { return names.contains(name) }
        // It reads some hundred files: not over the connection that all reads share.
        let read = Set(try await database.run(Column<String>("name")) { "select \($0) from pg_timezone_names" })
        names.withLock { $0 = read }
        return read.contains(name)
    }

    /// A moment by the clock on the wall in a zone, which it names: `15 March 2027, 14:00 (Asia/Kathmandu)`.
    package func text(of moment: Instant, in zone: String) async throws -> String {
        try await database.read(
            Column<String>(
                """
                to_char(\(moment)::timestamptz at time zone \(zone), 'FMDD FMMonth YYYY, HH24:MI') \
                || ' (' || \(zone)::text || ')'
                """)
        ).one
    }
}
