import Jobs
import Lifecycle
import Observability
import Postgres

/// Forgets kept answers a day after they were given.
struct AnswersCleaner: Service {
    let name = "kept answers"
    let answers: KeptAnswers
    let database: Database

    func run() async throws {
        let shutdown = Shutdown.current
        let wakeSignal = WakeSignal()
        let key = shutdown.onRequest { wakeSignal.signal() }
        defer { shutdown.forget(key) }
        while !shutdown.isRequested {
            do {
                while try await answers.forget(in: database) > 0, !shutdown.isRequested {}
            } catch {
                log.warning("kept answers could not be forgotten", ["error": String(describing: type(of: error))])
            }
            // Replicas need not do it at the same time.
            await wakeSignal.wait(atMost: .seconds(.random(in: 540...660)))
        }
    }
}
