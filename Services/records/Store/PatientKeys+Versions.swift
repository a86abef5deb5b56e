import Crypto
package import Kernel
package import Postgres
import Sealing

/// New versions of patients' keys, and their end.
extension PatientKeys {
    /// From now on a new key seals; nothing happens once the keys were destroyed. Its row is locked against that.
    func addVersion(of patient: ID<Patient>, at now: Instant) async throws {
        let made = try wraps.make(of: patient)
        try await database.run(
            """
            insert into patient_key (patient_id, key_version, account_id, wrapped, kek_version, created_at)
            select k.patient_id, k.key_version + 1, k.account_id, \(made.wrapped)::bytea,
                \(Int(Sealer.version(of: made.wrapped) ?? 0))::integer, \(now)::timestamptz
            from patient_key k where k.patient_id = \(patient) and k.wrapped is not null
            order by k.key_version desc limit 1 for update
            on conflict do nothing
            """, as: .service)
    }

    /// Every key of a patient by its version.
    func all(of patient: ID<Patient>) async throws -> [Int: PatientKey] {
        let versions = try await database.read(Column<Int>("key_version"), as: .service) {
            "select \($0) from patient_key where patient_id = \(patient)"
        }
        let keys = try await keys(Set(versions.map { PatientKeyName(patient, $0) }))
        return Dictionary(keys.map { ($0.key.version, $0.value) }) { first, _ in first }
    }

    /// Takes away versions that no row names and that had a successor by this moment: whoever read a row or a key
    /// before that is done with it. Of one that a row still names the database keeps the whole.
    func removeUnused(of patient: ID<Patient>, succeededBefore moment: Instant) async throws {
        let older = try await database.read(Column<Int>("k.key_version"), as: .service) {
            """
            select \($0) from patient_key k where k.patient_id = \(patient) and exists (select from patient_key n
                where n.patient_id = k.patient_id and n.key_version > k.key_version and n.created_at <= \(moment))
            """
        }
        for version in older {
            do {
                try await database.run(
                    "delete from patient_key where patient_id = \(patient) and key_version = \(version)", as: .service)
            } catch let error as DatabaseError where error.sqlState == "23503" {
                // A row was written under it meanwhile: the next rotation takes it.
                continue
            }
        }
    }

    /// Patients who have a key with a successor from before this moment: something is left of their rotation.
    func withOlder(succeededBefore moment: Instant) async throws -> [ID<Patient>] {
        try await database.read(Column<ID<Patient>>("k.patient_id"), as: .service) {
            """
            select distinct \($0) from patient_key k
            where k.key_version > 1 and k.created_at <= \(moment) and k.wrapped is not null and exists (
                select from patient_key o where o.patient_id = k.patient_id and o.key_version < k.key_version)
            """
        }
    }

    /// Destroys all keys of a patient: what they sealed can be read by nobody any more, in no copy either, and no new
    /// key is made. The service itself speaks in the transaction.
    package func destroy(of patient: ID<Patient>, at now: Instant, in tx: Transaction) async throws -> Bool {
        // A version that is being added is waited for, and seen by the next statement.
        try await tx.run("select from patient_key where patient_id = \(patient) for update")
        try await tx.run(
            """
            insert into erased_patient (patient_id, erased_at) values (\(patient), \(now)) on conflict do nothing
            """)
        return try await tx.run(
            "update patient_key set wrapped = null where patient_id = \(patient) and wrapped is not null"
        ).affected > 0
    }
}
