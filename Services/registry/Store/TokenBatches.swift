package import Jobs
import Kernel
import Lifecycle

/// Tenants whose waiting tokens are to be counted. Who writes a patient names the tenant for one of 64 patients, by
/// the id's randomness: so often that few wait beyond a batch, and so seldom that it costs nothing. A tenant that is
/// forgotten with its process is named again by a later patient.
package final class TokenBatches: Sendable {
    private let tenants = Locked<Set<ID<Tenant>>>([])
    package let wakeSignal = WakeSignal()

    static func isLooked(after id: ID<Patient>) -> Bool { id.low % 64 == 0 }

    func look(at tenant: ID<Tenant>) {
        tenants.withLock { _ = $0.insert(tenant) }
        wakeSignal.signal()
    }

    /// One of them, which is not named any more.
    func next() -> ID<Tenant>? { tenants.withLock { $0.popFirst() } }
}
