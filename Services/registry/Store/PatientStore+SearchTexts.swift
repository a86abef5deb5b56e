import Crypto
import Kernel
import Postgres
import RegistryDomain

/// Seals what a search looks into beside a record's tokens (migration 24), under the key of the record's keeper:
/// candidates are compared without their records, which are ten times as long. What is sealed for one tenant opens for
/// no other.
struct SearchTextsCell {
    private let column: String

    init(of tenant: ID<Tenant>) { column = "texts of \(tenant)" }

    func seal(_ texts: SearchedTexts, of patient: ID<Patient>, under key: DataKey) throws -> [UInt8] {
        try key.seal(texts.bytes, authenticating: associatedData(patient))
    }

    /// Nil when they do not open: another key has taken its place, or a byte was changed.
    func open(_ sealed: [UInt8], of patient: ID<Patient>, with key: DataKey) -> SearchedTexts? {
        (try? key.open(sealed, authenticating: associatedData(patient))).map { SearchedTexts(bytes: $0) }
    }

    private func associatedData(_ patient: ID<Patient>) -> AssociatedData {
        AssociatedData(table: "patient_search", row: patient.shortText, column: column)
    }
}

extension PatientStore {
    /// What the record is found by from now on. Where that is what it was, the index is left alone.
    /// - Parameter hasOtherTexts: than before; texts sealed anew differ even if they say the same.
    func keepSearched(
        _ record: PatientRecord, under key: DataKey, hasOtherTexts: Bool, in tx: Transaction
    ) async throws {
        let texts = SearchedTexts(of: record.details)
        try await tx.run(
            """
            insert into patient_search as s (patient_id, tenant_id, tokens, owner_id, texts)
            values (\(record.id), \(record.tenant), \(vault.tokens(of: record.details, texts, for: record.tenant)),
                \(record.owner), \(try SearchTextsCell(of: record.tenant).seal(texts, of: record.id, under: key)))
            on conflict (patient_id) do update set tokens = excluded.tokens, owner_id = excluded.owner_id,
                texts = excluded.texts
                where \(hasOtherTexts) or s.texts is null or s.tokens is distinct from excluded.tokens
            """)
    }
}
