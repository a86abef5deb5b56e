import Crypto
import Kernel
import Postgres
import RegistryDomain

/// What a search looks into is sealed beside a record's tokens (migration 24), under the key of the record's keeper:
/// candidates are compared without their records, which are ten times as long.
extension PatientStore {
    func seal(_ texts: SearchedTexts, of record: PatientRecord, under key: DataKey) throws -> [UInt8] {
        try key.seal(texts.bytes, authenticating: Self.associatedData(textsOf: record.id, in: record.tenant))
    }

    /// Nil when they do not open: another key has taken its place, or a byte was changed.
    /// - Parameter tenant: the caller's; texts of another's patient do not open.
    func texts(_ sealed: [UInt8], of patient: ID<Patient>, in tenant: ID<Tenant>, with key: DataKey) -> SearchedTexts? {
        let plain = try? key.open(sealed, authenticating: Self.associatedData(textsOf: patient, in: tenant))
        return plain.map { SearchedTexts(bytes: $0) }
    }

    private static func associatedData(textsOf patient: ID<Patient>, in tenant: ID<Tenant>) -> AssociatedData {
        AssociatedData(table: "patient_search", row: "\(tenant)/\(patient)", column: "texts")
    }

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
                \(record.owner), \(try seal(texts, of: record, under: key)))
            on conflict (patient_id) do update set tokens = excluded.tokens, owner_id = excluded.owner_id,
                texts = excluded.texts
                where \(hasOtherTexts) or s.texts is null or s.tokens is distinct from excluded.tokens
            """)
    }
}
