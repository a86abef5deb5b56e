package import Crypto
package import Kernel
package import Postgres
import RecordsDomain

/// A patient who may be meant by a code.
package struct CodeCandidate: Sendable, Hashable {
    package let patient: ID<Patient>
    /// Nil of a record without an account.
    package let account: ID<Account>?

    package init(patient: ID<Patient>, account: ID<Account>?) {
        self.patient = patient
        self.account = account
    }
}

/// Codes of doctors and patients: the newest of each pair alone, as an HMAC bound to both. Read and written in the
/// service's own name.
package struct AccessCodeStore: Sendable {
    let database: Database
    let key: HMACKey

    package init(database: Database, key: HMACKey) {
        self.database = database
        self.key = key
    }

    /// Who asks.
    package struct Asker: Sendable {
        package let account: ID<Account>
        package let doctor: ID<Doctor>?
        package let hospital: ID<Hospital>?
    }

    /// Takes the place of the pair's code before: that one is void, and the new one is made with its text message.
    func ask(
        _ id: ID<AccessCode>, by asker: Asker, about candidates: [CodeCandidate], until end: Instant, in tx: Transaction
    ) async throws {
        for candidate in candidates {
            try await tx.run(
                """
                insert into access_code (doctor_account, patient_id, code_id, patient_account, doctor_id, hospital_id,
                    expires_at)
                values (\(asker.account), \(candidate.patient), \(id), \(candidate.account), \(asker.doctor),
                    \(asker.hospital), \(end))
                on conflict (doctor_account, patient_id) do update set code_id = excluded.code_id,
                    patient_account = excluded.patient_account, doctor_id = excluded.doctor_id,
                    hospital_id = excluded.hospital_id, expires_at = excluded.expires_at, code_hash = null, tries = 0,
                    used_at = null
                """)
        }
    }

    /// Makes the code that its text message carries, in place of one made before; nil of an asking that has ended.
    package func mint(
        _ id: ID<AccessCode>, digits: Int, at now: Instant
    ) async throws -> Secret? {
        let code = OneTimeCode.make(digits: digits)
        return try await database.transaction(as: .service) { tx in
            let row = Projection(Column<ID<Account>>("doctor_account"), Column<ID<Patient>>("patient_id"))
            let rows = try await tx.run(row) {
                """
                select \($0) from access_code where code_id = \(id) and expires_at > \(now) and used_at is null
                order by doctor_account, patient_id for update
                """
            }
            for (doctor, patient) in rows {
                try await tx.run(
                    """
                    update access_code set code_hash = \(hash(code, doctor, patient)), tries = 0
                    where doctor_account = \(doctor) and patient_id = \(patient)
                    """)
            }
            return rows.isEmpty ? nil : code
        }
    }

    /// What became of a try.
    package enum Trial: Sendable, Equatable {
        /// This is the code; it is still to be redeemed, and perhaps another try was faster.
        case matches
        case differs
        /// There is none, it is over, was used, or was tried too often.
        case noCode
    }

    /// Counts a try of the code before it is compared.
    func compare(
        _ code: Secret, of doctor: ID<Account>, about patient: ID<Patient>, at now: Instant, in tx: Transaction
    ) async throws -> Trial {
        let counted = try await tx.run(Column<[UInt8]>("code_hash")) {
            """
            update access_code set tries = tries + 1
            where doctor_account = \(doctor) and patient_id = \(patient) and expires_at > \(now) and used_at is null
                and code_hash is not null and tries < \(AccessCodeRules.triesPerCode)
            returning \($0)
            """
        }
        guard let stored = counted.first else { return .noCode }
        return matches(code, doctor, patient, stored) ? .matches : .differs
    }

    /// Whether it is the code that the doctor has just used.
    func isUsed(
        _ code: Secret, by doctor: ID<Account>, about patient: ID<Patient>, at now: Instant, in tx: Transaction
    ) async throws -> Bool {
        let rows = try await tx.run(Column<[UInt8]>("code_hash")) {
            """
            select \($0) from access_code where doctor_account = \(doctor) and patient_id = \(patient)
                and expires_at > \(now) and used_at is not null and code_hash is not null
            """
        }
        return rows.first.map { matches(code, doctor, patient, $0) } ?? false
    }

    /// Whose code was redeemed.
    struct Redeemed: Sendable {
        let account: ID<Account>?
        let doctor: ID<Doctor>?
        let hospital: ID<Hospital>?
        let code: ID<AccessCode>
    }

    /// Takes the code; nil when it was taken or replaced meanwhile. Of several patients with one phone all codes of the
    /// asking are used by it.
    func redeem(
        _ code: Secret, of doctor: ID<Account>, about patient: ID<Patient>, at now: Instant, in tx: Transaction
    ) async throws -> Redeemed? {
        let row = Projection(
            Column<ID<Account>?>("patient_account"), Column<ID<Doctor>?>("doctor_id"),
            Column<ID<Hospital>?>("hospital_id"), Column<ID<AccessCode>>("code_id"), make: Redeemed.init)
        let taken = try await tx.run(row) {
            """
            update access_code set used_at = \(now)
            where doctor_account = \(doctor) and patient_id = \(patient) and used_at is null
                and code_hash = \(hash(code, doctor, patient))
            returning \($0)
            """
        }.first
        guard let taken else { return nil }
        try await tx.run(
            "update access_code set used_at = \(now) where code_id = \(taken.code) and used_at is null")
        return taken
    }

    /// Forgets codes and counts that limit nothing any more; some at a time.
    package func forget(before now: Instant) async throws {
        let dayAgo = now - AccessCodeRules.day
        try await database.transaction(as: .service) { tx in
            try await tx.run("delete from access_code where expires_at <= \(dayAgo)")
            try await tx.run("delete from access_code_asked where at <= \(dayAgo)")
            try await tx.run("delete from access_code_wrong where since <= \(dayAgo)")
        }
    }

    private func hash(_ code: Secret, _ doctor: ID<Account>, _ patient: ID<Patient>) -> [UInt8] {
        OneTimeCode.stored(code, binding: Self.binding(doctor, patient), key: key)
    }

    private func matches(
        _ code: Secret, _ doctor: ID<Account>, _ patient: ID<Patient>, _ stored: [UInt8]
    ) -> Bool {
        OneTimeCode.matches(code, binding: Self.binding(doctor, patient), stored: stored, key: key)
    }

    private static func binding(_ doctor: ID<Account>, _ patient: ID<Patient>) -> String {
        "records of patient/\(patient) for account/\(doctor)"
    }
}
