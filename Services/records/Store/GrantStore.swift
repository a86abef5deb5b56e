import Chassis
import Crypto
package import Kernel
package import Postgres
package import RecordsDomain

/// A doctor's right to read a patient's records for a while.
package struct Grant: Sendable, Equatable {
    package let id: ID<AccessGrant>
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let patientAccount: ID<Account>?
    package let doctorAccount: ID<Account>
    /// The doctor's entry and hospital, where there are any.
    package let doctor: ID<Doctor>?
    package let hospital: ID<Hospital>?
    package let way: GrantWay
    package let grantedAt: Instant
    package let expiresAt: Instant
    package let revokedAt: Instant?
    /// By the database's clock, when it was read.
    package let isLive: Bool
}

/// Grants. That one is in force the database says, by its own clock, and its policies ask the same.
package struct GrantStore: Sendable {
    let database: Database

    package init(database: Database) { self.database = database }

    /// How long a grant lasts.
    package static let minutes = 30

    /// The columns of `access_grant g`.
    package static let row = Projection(
        Column<ID<AccessGrant>>("g.grant_id"), Column<ID<Patient>>("g.patient_id"),
        Column<ID<Account>?>("g.patient_account"), Column<ID<Account>>("g.doctor_account"),
        Column<ID<Doctor>?>("g.doctor_id"), Column<ID<Hospital>?>("g.hospital_id"), Column<GrantWay>("g.way"),
        Column<Instant>("g.granted_at"), Column<Instant>("g.expires_at"), Column<Instant?>("g.revoked_at"),
        Column<Bool>("g.revoked_at is null and g.expires_at > statement_timestamp()"), make: Grant.init)

    /// The caller's grants for a patient that are in force now, the latest end first.
    package func live(for caller: Caller, on patient: ID<Patient>) async throws -> [Grant] {
        try await database.read(Self.row, as: Scope(caller)) {
            """
            select \($0) from access_grant g
            where g.doctor_account = \(caller.account) and g.patient_id = \(patient) and g.revoked_at is null
                and g.expires_at > statement_timestamp()
            order by g.expires_at desc
            """
        }
    }

    /// Accounts of the doctors who may read a patient's records now by a grant; `limit` at most.
    package func readers(of patient: ID<Patient>, atMost limit: Int) async throws -> [ID<Account>] {
        try await database.read(Column<ID<Account>>("g.doctor_account"), as: .service) {
            """
            select distinct \($0) from access_grant g
            where g.patient_id = \(patient) and g.revoked_at is null and g.expires_at > statement_timestamp()
            limit \(limit)
            """
        }
    }

    /// What a new grant says beside its times, which the database gives it.
    package struct New: Sendable {
        package let id: ID<AccessGrant>
        package let patient: ID<Patient>
        package let patientAccount: ID<Account>?
        package let doctorAccount: ID<Account>
        package let doctor: ID<Doctor>?
        package let hospital: ID<Hospital>?
        package let way: GrantWay
        /// Under the patient's key of `keyVersion`.
        package var sealedReason: [UInt8]?
        package var keyVersion: Int?

        package init(
            id: ID<AccessGrant>, patient: ID<Patient>, patientAccount: ID<Account>?, doctorAccount: ID<Account>,
            doctor: ID<Doctor>?, hospital: ID<Hospital>?, way: GrantWay, sealedReason: [UInt8]? = nil,
            keyVersion: Int? = nil
        ) {
            self.id = id
            self.patient = patient
            self.patientAccount = patientAccount
            self.doctorAccount = doctorAccount
            self.doctor = doctor
            self.hospital = hospital
            self.way = way
            self.sealedReason = sealedReason
            self.keyVersion = keyVersion
        }
    }

    /// Open from the moment the transaction commits, for `minutes` from now.
    package func insert(_ grant: New, in tx: Transaction) async throws -> Grant {
        try await tx.run(Self.row) {
            """
            insert into access_grant as g (grant_id, patient_id, patient_account, doctor_account, doctor_id,
                hospital_id, way, sealed_reason, key_version, granted_at, expires_at)
            select \(grant.id)::uuid, \(grant.patient)::uuid, \(grant.patientAccount)::uuid,
                \(grant.doctorAccount)::uuid, \(grant.doctor)::uuid, \(grant.hospital)::uuid, \(grant.way)::text,
                \(grant.sealedReason)::bytea, \(grant.keyVersion)::integer, t.now,
                t.now + make_interval(mins => \(Self.minutes)::integer)
            from (select clock_timestamp() as now) t
            returning \($0)
            """
        }.one
    }
}

extension GrantStore {
    /// Where a reason or a note is sealed.
    static func cell(_ id: String, _ column: String) -> AssociatedData {
        AssociatedData(table: "access_grant", row: id, column: column)
    }
}
