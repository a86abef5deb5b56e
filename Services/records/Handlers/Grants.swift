package import API
import Chassis
import Events
package import Kernel
import Postgres
import RecordsDomain
package import Web

/// Who may read a patient's records, as the patient sees and ends it, and broken glass as hospitals review it.
package struct Grants: Sendable {
    let access: RecordAccess
    let store: GrantStore
    let keys: PatientKeys
    let writing: GrantWriting
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func list(_ input: PageOf<Patient>, _ call: Call) async throws -> Listing<GrantView> {
        let record = try await access.open(AccessRequest(.manageGrants, of: input.id, what: "grants"), call)
        let page = try await store.list(of: record.patient, input.page, for: try call.requireCaller())
        return Listing(try await shown(page, call), asked: input.page)
    }

    /// Ending what has ended already is done, too.
    package func revoke(_ input: GrantPath, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        let record = try await access.open(AccessRequest(.manageGrants, of: input.patient, what: "grants"), call)
        guard let known = try await store.find(input.grant, as: Scope(caller)), known.grant.patient == record.patient
        else { throw Problem.notFound }
        return try await unit.write(call) { tx in
            if let grant = try await store.revoke(input.grant, of: record.patient, in: tx) {
                try await ledger.record(.accessRevoked(grant.fact()), from: call.origin, in: tx)
            }
            return Done()
        }
    }

    package func reviews(_ query: GrantReviewsQuery, _ call: Call) async throws -> Listing<GrantView> {
        let page = try await store.brokenGlass(query, for: try call.requireCaller())
        return Listing(try await shown(page, call), asked: query.page)
    }

    package func review(
        _ input: WithID<AccessGrant, GrantReviewBody>, _ call: Call
    ) async throws -> Item<GrantView> {
        let caller = try call.requireCaller()
        guard let found = try await store.find(input.id, as: Scope(caller)), found.grant.way == .breakGlass else {
            throw Problem.notFound
        }
        var review = GrantStore.Review(verdict: input.body.verdict, sealedNote: nil, keyVersion: nil)
        if let note = input.body.note {
            let key = try await keys.current(
                of: found.grant.patient, account: found.grant.patientAccount, at: clock.now)
            review = GrantStore.Review(
                verdict: input.body.verdict,
                sealedNote: try key.seal(Array(note.utf8), for: GrantStore.cell(input.id.description, "sealed_note")),
                keyVersion: key.version)
        }
        let kept = review
        let names = await writing.names(
            of: [found.grant.doctorAccount], at: found.grant.hospital.map { [$0] } ?? [], call)
        let opened = try await keys.keys(
            Set(
                GrantWriting.keyNames(found) + (kept.keyVersion.map { [PatientKeyName(found.grant.patient, $0)] } ?? [])
            ))
        return try await unit.write(call) { tx in
            guard let reviewed = try await store.review(input.id, kept, by: caller, at: clock.now, in: tx) else {
                throw Problem.notFound
            }
            try await ledger.note(
                "break_glass_reviewed", about: "access_grant/\(input.id)", from: call.origin, in: tx)
            return Item(try writing.view(reviewed, names, opened))
        }
    }

    /// What notifier's messages about a grant say.
    package func message(_ input: ByID<AccessGrant>, _ call: Call) async throws -> Item<GrantMessageView> {
        guard let grant = try await store.find(input.id, as: .service)?.grant else { throw Problem.notFound }
        let entries = try await access.directory.entries(
            DirectoryQuery(
                hospitals: grant.hospital.map { [$0] } ?? [], professionals: [grant.doctorAccount]),
            for: call.origin, until: call.deadline)
        return Item(
            GrantMessageView(
                doctorName: entries.professionals.first?.displayName, hospitalName: entries.hospitals.first?.name))
    }

    private func shown(_ page: Page<GrantDetails>, _ call: Call) async throws -> Page<GrantView> {
        Page(items: try await writing.views(page.items, call), total: page.total, nextCursor: page.nextCursor)
    }
}
