package import API
package import Kernel
import RecordsDomain
package import Web

/// `/api/records/patients/{id}/access-log`: who read or wrote what, for the patient and administrators.
package struct AccessRows: Sendable {
    let access: RecordAccess
    let log: PatientAccessLog
    let keys: PatientKeys
    let writing: GrantWriting

    package func list(_ input: PageOf<Patient>, _ call: Call) async throws -> Listing<AccessRowView> {
        let record = try await access.open(AccessRequest(.readAccessLog, of: input.id, what: "access-log"), call)
        let page = try await log.list(of: record.patient, input.page, for: try call.requireCaller())
        let names = await writing.names(
            of: page.items.filter { $0.role == .doctor }.map(\.actor), at: page.items.compactMap(\.hospital), call)
        let opened = try await keys.keys(
            Set(page.items.compactMap { row in row.keyVersion.map { PatientKeyName(record.patient, $0) } }))
        let views = try page.items.map { row in
            AccessRowView(
                id: row.id, at: row.at, actor: row.actor, actorName: names.doctors[row.actor],
                role: row.role.rawValue, hospitalName: row.hospital.flatMap { names.hospitals[$0] },
                action: row.action, what: row.what, basis: row.basis?.rawValue,
                reason: try reason(row, of: record.patient, opened))
        }
        return Listing(Page(items: views, total: page.total, nextCursor: page.nextCursor), asked: input.page)
    }

    private func reason(
        _ row: PatientAccessLog.Row, of patient: ID<Patient>, _ keys: [PatientKeyName: PatientKey]
    ) throws -> String? {
        guard let grant = row.grant, let sealed = row.sealedReason, let version = row.keyVersion,
            let key = keys[PatientKeyName(patient, version)]
        else { return nil }
        let plain = try key.open(sealed, from: GrantStore.cell(grant.description, "sealed_reason"))
        return String(decoding: plain, as: UTF8.self)
    }
}
