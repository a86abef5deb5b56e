import Chassis
package import Kernel
package import Postgres
package import RecordsDomain

/// Who read or wrote what of a patient's records, for the patient to read: committed before the answer leaves. One row
/// for a reader, a thing and ten minutes, of refusals as well; each change leaves one of its own.
package struct PatientAccessLog: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// What a row says.
    package struct Entry: Sendable {
        package let patient: ID<Patient>
        package let patientAccount: ID<Account>?
        package let doctor: ID<Doctor>?
        package let hospital: ID<Hospital>?
        package let action: RecordAction
        /// `reports`, `report/<id>`, `summary`: what was read or written; never a name.
        package let what: String
        /// Nil where it was refused.
        package let basis: AccessBasis?
        package let grant: ID<AccessGrant>?

        package init(
            patient: ID<Patient>, patientAccount: ID<Account>?, doctor: ID<Doctor>?, hospital: ID<Hospital>?,
            action: RecordAction, what: String, basis: AccessBasis?, grant: ID<AccessGrant>?
        ) {
            self.patient = patient
            self.patientAccount = patientAccount
            self.doctor = doctor
            self.hospital = hospital
            self.action = action
            self.what = what
            self.basis = basis
            self.grant = grant
        }
    }

    /// Returns when it is committed that the caller read it: no row, no answer.
    package func add(_ entry: Entry, by caller: Caller, at now: Instant) async throws {
        try await database.run(Self.insertion(entry, caller, now, now.seconds / Self.window), as: Scope(caller))
    }

    /// In the transaction of a change: always a row.
    package func add(_ entry: Entry, by caller: Caller, at now: Instant, in tx: Transaction) async throws {
        try await tx.run(Self.insertion(entry, caller, now, nil))
    }

    /// Seconds that one row stands for.
    static let window: Int64 = 600

    private static func insertion(_ entry: Entry, _ caller: Caller, _ now: Instant, _ slot: Int64?) -> SQL {
        """
        insert into access_row (access_id, patient_id, patient_account, actor_account, actor_role, doctor_id,
            hospital_id, action, what, basis, grant_id, at, slot)
        values (\(ID<AccessEntry>.make(at: now)), \(entry.patient), \(entry.patientAccount), \(caller.account),
            \(caller.role), \(entry.doctor), \(entry.hospital), \(entry.action), \(entry.what), \(entry.basis),
            \(entry.grant), \(now), \(slot))
        on conflict do nothing
        """
    }
}
