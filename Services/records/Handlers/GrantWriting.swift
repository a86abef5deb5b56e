import API
import Chassis
import Crypto
import Kernel
import Lifecycle
import RecordsDomain
import Web

/// Grants as they are shown: reasons opened with patients' keys, doctors and hospitals by name. Without registry they
/// are shown without names.
package struct GrantWriting: Sendable {
    let keys: PatientKeys
    let directory: any DirectorySource

    func views(_ grants: [GrantDetails], _ call: Call) async throws -> [GrantView] {
        let names = await names(
            of: grants.map(\.grant.doctorAccount), at: grants.compactMap(\.grant.hospital), call)
        let keys = try await keys.keys(Set(grants.flatMap(Self.keyNames)))
        return try grants.map { try view($0, names, keys) }
    }

    /// Names by id.
    struct Names: Sendable {
        var doctors: [ID<Account>: String] = [:]
        var hospitals: [ID<Hospital>: String] = [:]
    }

    /// At most 200 of each, which is more than a page has.
    func names(of doctors: [ID<Account>], at hospitals: [ID<Hospital>], _ call: Call) async -> Names {
        var names = Names()
        let query = DirectoryQuery(
            hospitals: Array(Set(hospitals).prefix(DirectoryQuery.limit)),
            professionals: Array(Set(doctors).prefix(DirectoryQuery.limit)))
        guard !query.hospitals.isEmpty || !query.professionals.isEmpty,
            let entries = try? await directory.entries(query, for: call.origin, until: call.deadline)
        else { return names }
        for card in entries.professionals { names.doctors[card.account] = card.displayName }
        for card in entries.hospitals { names.hospitals[card.id] = card.name }
        return names
    }

    static func keyNames(_ details: GrantDetails) -> [PatientKeyName] {
        [details.words.keyVersion, details.words.noteKeyVersion].compactMap { version in
            version.map { PatientKeyName(details.grant.patient, $0) }
        }
    }

    func view(
        _ details: GrantDetails, _ names: Names, _ keys: [PatientKeyName: PatientKey]
    ) throws -> GrantView {
        let grant = details.grant
        let words = details.words
        func text(_ sealed: [UInt8]?, _ version: Int?, _ column: String) throws -> String? {
            guard let sealed, let version, let key = keys[PatientKeyName(grant.patient, version)] else { return nil }
            let cell = GrantStore.cell(grant.id.description, column)
            return String(decoding: try key.open(sealed, from: cell), as: UTF8.self)
        }
        return GrantView(
            id: grant.id, patient: grant.patient, doctor: grant.doctor,
            doctorName: names.doctors[grant.doctorAccount], hospital: grant.hospital,
            hospitalName: grant.hospital.flatMap { names.hospitals[$0] }, way: grant.way.rawValue,
            reason: try text(words.sealedReason, words.keyVersion, "sealed_reason"), isActive: grant.isLive,
            grantedAt: grant.grantedAt, expiresAt: grant.expiresAt, revokedAt: grant.revokedAt, verdict: words.verdict,
            note: try text(words.sealedNote, words.noteKeyVersion, "sealed_note"), reviewedAt: words.reviewedAt)
    }
}
