import API
package import Chassis
package import Kernel
package import Lifecycle
import RecordsDomain

/// Which entry of the directory a doctor's account has: asked of registry once for an account, which never gets
/// another.
package final class OwnEntries: Sendable {
    private let directory: any DirectorySource
    private let known = Locked<[ID<Account>: ID<Doctor>]>([:])

    private static let limit = 10_000

    package init(_ directory: any DirectorySource) { self.directory = directory }

    /// Nil of a doctor who belongs to no hospital: registry is not asked for them.
    package func doctor(_ origin: Origin, until deadline: Deadline) async throws -> ID<Doctor>? {
        guard let caller = origin.caller, caller.role == .doctor, caller.hospital != nil else { return nil }
        if let id = known.withLock({ $0[caller.account] }) { return id }
        guard let id = try await directory.me(for: origin, until: deadline).doctor else { return nil }
        known.withLock { known in
            if known.count >= Self.limit { known = [:] }
            known[caller.account] = id
        }
        return id
    }
}
