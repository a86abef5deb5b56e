import API
import Chassis
import Kernel
import Postgres
import RegistryDomain

extension PatientStore {
    /// Who may match a search, newest first: who has all tokens, in the index or still before it (migration 23), and
    /// whose tokens an older rule made. Everybody, when no word is long enough for a token.
    struct Candidates {
        let tokens: [Int32]
        var gender: Gender?
        let caller: Caller
        var before: ID<Patient>?

        func before(_ id: ID<Patient>) -> Candidates {
            var older = self
            older.before = id
            return older
        }

        /// Texts are looked up for one patient after the other: while statistics are old, the planner may join by
        /// reading the whole table.
        fileprivate static let each: SQL = """
            select p.patient_id, s.owner_id, s.texts from patient p left join lateral (
                select s.owner_id, s.texts from patient_search s where s.patient_id = p.patient_id offset 0) s on true
            """

        /// All patients of a tenant are a small part of the table or most of it; who has the tokens is always few.
        fileprivate var plan: Plan { tokens.isEmpty ? .auto : .generic }

        /// What follows `from`; a patient may be in it twice.
        fileprivate func source(withTexts: Bool) -> SQL {
            let older: SQL = if let before { " and candidate.patient_id < \(before)" } else { "" }
            let ofGender: SQL =
                if let gender {
                    """
                     and (select p.gender from patient p where p.tenant_id = \(caller.tenant)
                        and p.patient_id = candidate.patient_id) = \(gender.rawValue)
                    """
                } else { "" }
            return "(\(sql: all(withTexts: withTexts))) candidate where true\(sql: older)\(sql: ofGender)"
        }

        private func all(withTexts: Bool) -> SQL {
            guard let first = tokens.first else {
                let everybody: SQL = withTexts ? Self.each : "select p.patient_id from patient p"
                return "\(sql: everybody) where p.tenant_id = \(caller.tenant)"
            }
            // Of what waits most has not the first token either; to compare lists takes many times as long as that.
            // All are found before the newest are taken: in the order of ids the whole table would be read for them.
            return """
                select patient_id, owner_id, texts from patient_search
                    where tenant_id = \(caller.tenant) and is_indexed and tokens @> \(tokens)
                union all select patient_id, owner_id, texts from (
                    select patient_id, owner_id, texts, tokens from patient_search
                    where tenant_id = \(caller.tenant) and not is_indexed and \(first) = any(tokens) offset 0) waiting
                    where tokens @> \(tokens)
                union all select patient_id, null, null from search_renewal where tenant_id = \(caller.tenant) offset 0
                """
        }
    }

    /// One that may match, with what it is compared by; nil where the record has to be opened.
    struct Candidate: Sendable {
        let id: ID<Patient>
        let owner: ID<Account>?
        let texts: [UInt8]?

        fileprivate static let row = Projection(
            Column<ID<Patient>>("candidate.patient_id"), Column<ID<Account>?>("candidate.owner_id"),
            Column<[UInt8]?>("candidate.texts"), make: Candidate.init)
    }

    /// The newest of them, and whether there may be more.
    func newest(_ candidates: Candidates, atMost limit: Int) async throws -> (newest: [Candidate], hasMore: Bool) {
        let found = try await database.read(Candidate.row, as: Scope(candidates.caller), plan: candidates.plan) {
            """
            select \($0) from \(sql: candidates.source(withTexts: true))
            order by candidate.patient_id desc limit \(limit)
            """
        }
        // One whose tokens are of an older rule may have all that are looked for as well.
        var each: [Candidate] = []
        each.reserveCapacity(found.count)
        for candidate in found where candidate.id != each.last?.id { each.append(candidate) }
        return (each, found.count == limit)
    }

    func ids(_ candidates: Candidates) async throws -> [ID<Patient>] {
        let id = Column<ID<Patient>>("candidate.patient_id")
        return try await database.read(id, as: Scope(candidates.caller), plan: candidates.plan) {
            """
            select distinct \($0) from \(sql: candidates.source(withTexts: false))
            order by candidate.patient_id desc
            """
        }
    }

    /// Those of the candidates, without those that have gone meanwhile.
    func candidates(_ ids: ArraySlice<ID<Patient>>, _ caller: Caller) async throws -> [Candidate] {
        try await database.read(Candidate.row, as: Scope(caller), plan: .generic) {
            """
            select \($0) from (
                \(sql: Candidates.each)
                where p.patient_id = any(\(Array(ids))::uuid[]) and p.tenant_id = \(caller.tenant)) candidate
            order by candidate.patient_id desc
            """
        }
    }
}
