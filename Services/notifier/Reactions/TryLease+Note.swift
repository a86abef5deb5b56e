import Jobs
import Lifecycle
import NotifierDomain
import Observability

extension TryLease {
    /// What was sent must be known as sent: while PostgreSQL is away it is asked again, as long as the lease lasts.
    /// False when that was in vain: the try counts as crashed.
    static func note(until deadline: Deadline, _ settle: () async throws -> Void) async -> Bool {
        while true {
            do {
                try await settle()
                return true
            } catch {
                guard deadline.remaining() > settling else {
                    log.warning("a try could not be noted", ["reason": String(describing: type(of: error))])
                    return false
                }
                await WakeSignal().wait(atMost: settling)
            }
        }
    }
}
