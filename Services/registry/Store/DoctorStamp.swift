import Chassis
package import Kernel
import Postgres
package import RegistryDomain

/// Tells one state of a doctor's row from all others, whoever wrote it: the transaction that did, which `xmin` names in
/// every row, and when. In a database that lost transactions (a standby made the primary) a number comes again, and the
/// time does not.
package struct DoctorStamp: Sendable, Hashable {
    package let id: ID<Doctor>
    let transaction: Int64
    let updatedAt: Instant
}

/// An entry, and the state of the row that it was read from.
package struct StampedDoctor: Sendable {
    package let stamp: DoctorStamp
    package let entry: DoctorEntry
}

extension DoctorStore {
    static let stamp = Projection(
        Column<ID<Doctor>>("d.doctor_id"), Column<Int64>("d.xmin::text::bigint"), Column<Instant>("d.updated_at"),
        make: DoctorStamp.init)

    private static let stamped = (stamp + row).map { StampedDoctor(stamp: $0.0, entry: $0.1) }

    /// Those of them that there are, in no order.
    package func find(all ids: [ID<Doctor>], for caller: Caller) async throws -> [StampedDoctor] {
        try await database.read(Self.stamped, as: Scope(caller), plan: .generic) {
            "select \($0) from doctor d where d.doctor_id = any(\(ids)::uuid[])"
        }
    }
}
