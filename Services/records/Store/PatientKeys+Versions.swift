import Crypto
package import Kernel
package import Postgres
import Sealing

/// New versions of patients' keys, and their end.
extension PatientKeys {
    /// From now on a new key seals.
    func addVersion(of patient: ID<Patient>, at now: Instant) async throws {
        let made = try wraps.make(of: patient)
        try await database.run(
            """
            insert into patient_key (patient_id, key_version, account_id, wrapped, kek_version, created_at)
            select k.patient_id, k.key_version + 1, k.account_id, \(made.wrapped)::bytea,
                \(Int(Sealer.version(of: made.wrapped) ?? 0))::integer, \(now)::timestamptz
            from patient_key k where k.patient_id = \(patient) and k.wrapped is not null
            order by k.key_version desc limit 1
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

    /// Takes away older versions that no row names; of one that a row still names the database keeps the whole.
    func removeUnused(of patient: ID<Patient>) async throws {
        let older = try await all(of: patient).keys.sorted().dropLast()
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

    /// Destroys all keys of a patient: what they sealed can be read by nobody any more, in no copy either, and no new
    /// key is made. The service itself speaks in the transaction.
    package func destroy(of patient: ID<Patient>, in tx: Transaction) async throws -> Bool {
        try await tx.run(
            "update patient_key set wrapped = null where patient_id = \(patient) and wrapped is not null"
        ).affected > 0
    }
}
