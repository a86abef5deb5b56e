import Jobs
import Lifecycle
import Observability
import Postgres

/// Brings a service's schema up to date at its start, and waits for the database as long as that takes.
struct StartupMigrator: Sendable {
    let settings: DatabaseSettings
    let migrations: [Migration]
    /// False where somebody else migrates: then this only waits until it has been done.
    let migrates: Bool
    let shutdown: Shutdown
    /// Told what is waited for.
    let waiting: Locked<String?>
    private let notice = WaitingNotice()

    struct NotYet: Error {}

    /// Throws `MigrationFault` when waiting would not help, `CancellationError` when the process is asked to stop.
    func migrate() async throws {
        let backoff = Backoff(base: .milliseconds(100), cap: .seconds(2))
        var failures = 0
        var result: Result<Void, any Error> = .failure(CancellationError())
        await RepeatedWork.run(unless: shutdown) {
            do {
                result = .success(try await once())
            } catch  where Self.isWorthWaiting(error) {
                failures = min(failures + 1, 16)
                if failures == 1 { log.warning("waiting for the database", ["schema": settings.schema]) }
                return max(backoff.delay(failures, random: .random(in: 0..<1)), .milliseconds(50))
            } catch {
                result = .failure(error)
            }
            return nil
        }
        try result.get()
    }

    private func once() async throws {
        do { try await attempt() } catch {
            if Self.isWorthWaiting(error) {
                notice.report(error, of: settings.schema, at: .now)
                waiting.withLock { $0 = WaitingNotice.reason(of: error).words }
            }
            throw error
        }
    }

    private func attempt() async throws {
        for migrator in Self.migrators(settings, migrations) {
            if migrates {
                let done = try await migrator.migrate()
                if !done.isEmpty { log.info("the schema was brought up to date", ["migrations": done.count]) }
            } else if try await migrator.status().contains(where: { $0.state == .pending }) {
                throw NotYet()
            }
        }
    }

    /// The chassis's own tables first, then the service's.
    static func migrators(_ settings: DatabaseSettings, _ migrations: [Migration]) -> [Migrator] {
        [Migrator(settings, ChassisSchema.migrations, ledger: ChassisSchema.ledger), Migrator(settings, migrations)]
    }

    /// Not there, not up, or not yet migrated by whoever does that.
    private static func isWorthWaiting(_ error: any Error) -> Bool {
        switch error {
        case MigrationFault.unreachable(let fault): !fault.isPooler
        case MigrationFault.refused(let error): error.sqlState.hasPrefix("57P0") || error.sqlState.hasPrefix("08")
        default: error is NotYet
        }
    }
}
