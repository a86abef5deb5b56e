import API
import Chassis
import Crypto
package import Kernel
import Postgres
package import RegistryDomain
import Sealing

/// Patients found by what they are called: tokens choose the candidates, in a table of their own (migration 10); each
/// is compared by the texts beside them, or by its record, so that the count is exact.
extension PatientStore {
    /// Candidates compared at once: about a millisecond of the loop.
    package static let compared = 1_000
    /// Records opened at once: likewise.
    static let opened = 200

    func found<Read: Sendable>(
        _ search: PatientSearch, _ query: PatientsQuery, for caller: Caller, as read: (Sealed, [UInt8]) throws -> Read
    ) async throws -> Page<Read> {
        let isByCursor = if case .after = query.page.position { true } else { false }
        let wanted = query.page.size + (isByCursor ? 1 : 0)
        let all = Candidates(
            tokens: vault.tokens(of: search, for: caller.tenant), gender: query.gender, caller: caller,
            before: try start(query.page))
        // Most searches find few enough to be read in one statement, and most candidates match.
        let limit = isByCursor ? min(4 * wanted, Self.compared) : Self.compared
        let (newest, hasMore) = try await newest(all, atMost: limit)
        var hits = try await hits(among: newest, search, caller)
        if hasMore, let last = newest.last, !isByCursor || hits.count < wanted {
            var rest = try await ids(all.before(last.id))[...]
            while !rest.isEmpty, !isByCursor || hits.count < wanted {
                let part = try await candidates(rest.prefix(Self.compared), caller)
                hits += try await self.hits(among: part, search, caller)
                rest = rest.dropFirst(Self.compared)
            }
        }
        let page =
            isByCursor
            ? Page(fetched: hits, size: query.page.size) { Self.cursor($0) }
            : Page(items: Array(hits.dropFirst(query.page.offset).prefix(wanted)), total: hits.count)
        let items = try await open(rows(page.items, caller), as: Scope(caller), read)
        return Page(items: items, total: page.total, nextCursor: page.nextCursor)
    }

    /// Those that match, in their order. Whose texts do not tell is opened.
    private func hits(
        among candidates: [Candidate], _ search: PatientSearch, _ caller: Caller
    ) async throws -> [ID<Patient>] {
        let owners = Set(candidates.compactMap { $0.owner })
        let keys = try await vault.accounts.keys(of: owners, in: database, as: Scope(caller))
        let cell = SearchTextsCell(of: caller.tenant)
        var hits: [ID<Patient>] = []
        var unread: [ID<Patient>] = []
        for candidate in candidates {
            if let owner = candidate.owner, let sealed = candidate.texts, let key = keys[owner],
                let texts = cell.open(sealed, of: candidate.id, with: key)
            {
                if search.matches(texts) { hits.append(candidate.id) }
            } else {
                unread.append(candidate.id)
            }
        }
        if unread.isEmpty { return hits }
        hits += try await matching(unread, caller) { row, plain in
            guard let texts = PatientDocument.searchTexts(in: plain) else { throw BrokenRow("patient", row.id) }
            return search.matches(texts) ? row.id : nil
        }
        return hits.sorted(by: >)
    }

    /// What `read` finds in those records, newest first. One that cannot be opened is left out.
    private func matching<Found: Sendable>(
        _ ids: [ID<Patient>], _ caller: Caller, _ read: (Sealed, [UInt8]) throws -> Found?
    ) async throws -> [Found] {
        var found: [Found] = []
        for start in stride(from: 0, to: ids.count, by: Self.opened) {
            let rows = try await rows(Array(ids[start..<min(start + Self.opened, ids.count)]), caller)
            found += try await open(rows, as: Scope(caller), read).compactMap { $0 }
        }
        return found
    }

    private func rows(_ ids: [ID<Patient>], _ caller: Caller) async throws -> [Sealed] {
        if ids.isEmpty { return [] }
        return try await database.read(Self.row, as: Scope(caller), plan: .generic) {
            """
            select \($0) from patient p where p.patient_id = any(\(ids)::uuid[]) and p.tenant_id = \(caller.tenant)
            order by p.patient_id desc
            """
        }
    }

    /// The records of the caller's tenant with this phone, newest first.
    package func found(phone: PhoneNumber, for caller: Caller) async throws -> [PatientRecord] {
        let candidates = Candidates(tokens: [vault.token(of: phone, for: caller.tenant)], caller: caller)
        return try await matching(ids(candidates), caller) { row, plain in
            let record = try record(row, plain)
            return record.details.phone == phone.text ? record : nil
        }
    }
}
