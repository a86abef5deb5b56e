import API
import Chassis
import Crypto
package import Kernel
import Postgres
package import RegistryDomain
import Sealing

/// Patients found by what they are called: tokens choose the candidates, in a table of their own (migration 10); each
/// is opened and compared, so that the count is exact.
extension PatientStore {
    /// Records opened at once while searching: about a millisecond of the loop.
    private static let chunk = 200

    func found(_ search: PatientSearch, _ query: PatientsQuery, for caller: Caller) async throws -> Page<PatientRecord>
    {
        let isByCursor = if case .after = query.page.position { true } else { false }
        let wanted = query.page.size + (isByCursor ? 1 : 0)
        let tokens = vault.tokens(of: search, for: caller.tenant)
        let ids = try await candidates(having: tokens, before: try start(query.page), caller)
        let condition = condition(query, caller)
        var (matches, total) = ([PatientRecord](), 0)
        var rest = ids[...]
        while !rest.isEmpty, !isByCursor || matches.count < wanted {
            let part = try await matching(rest.prefix(Self.chunk), condition, caller) { row, plain in
                guard let texts = PatientDocument.searchTexts(in: plain) else { throw BrokenRow("patient", row.id) }
                return search.matches(texts)
            }
            for match in part {
                // What only counts is not read any further.
                if total >= query.page.offset, matches.count < wanted {
                    matches.append(try record(match.row, match.plain))
                }
                total += 1
            }
            rest = rest.dropFirst(Self.chunk)
        }
        if isByCursor { return Page(fetched: matches, size: query.page.size) { Self.cursor($0.id) } }
        return Page(items: matches, total: total)
    }

    /// Who may match, newest first: who has all tokens, in the index or still before it (migration 23), and whose
    /// tokens an older rule made. Everybody, when no word is long enough for a token.
    private func candidates(
        having tokens: [Int32], before: ID<Patient>? = nil, _ caller: Caller
    ) async throws -> [ID<Patient>] {
        let older: SQL = if let before { "where patient_id < \(before)" } else { "" }
        let source: SQL =
            if let first = tokens.first {
                // Of what waits most has not the first token either; to compare lists takes many times as long as that.
                """
                select patient_id from patient_search
                    where tenant_id = \(caller.tenant) and is_indexed and tokens @> \(tokens)
                union select patient_id from (
                    select patient_id, tokens from patient_search
                    where tenant_id = \(caller.tenant) and not is_indexed and \(first) = any(tokens) offset 0) waiting
                    where tokens @> \(tokens)
                union select patient_id from search_renewal where tenant_id = \(caller.tenant)
                """
            } else {
                "select patient_id from patient where tenant_id = \(caller.tenant)"
            }
        // All patients of a tenant are a small part of the table or most of it; who has the tokens is always few.
        let plan: Plan = tokens.isEmpty ? .auto : .generic
        return try await database.read(Column<ID<Patient>>("patient_id"), as: Scope(caller), plan: plan) {
            "select \($0) from (\(sql: source)) candidate \(sql: older) order by patient_id desc"
        }
    }

    /// A row that matches, and what was sealed in it.
    private struct Match: Sendable {
        let row: Sealed
        let plain: [UInt8]
    }

    /// Those of the candidates that match, newest first.
    private func matching(
        _ ids: ArraySlice<ID<Patient>>, _ condition: SQL, _ caller: Caller,
        where isMatch: (Sealed, [UInt8]) throws -> Bool
    ) async throws -> [Match] {
        let rows = try await database.read(Self.row, as: Scope(caller), plan: .generic) {
            """
            select \($0) from patient p where p.patient_id = any(\(Array(ids))::uuid[]) and \(sql: condition)
            order by p.patient_id desc
            """
        }
        return try await open(rows, as: Scope(caller)) { row, plain in
            try isMatch(row, plain) ? Match(row: row, plain: plain) : nil
        }.compactMap { $0 }
    }

    /// The records of the caller's tenant with this phone, newest first.
    package func found(phone: PhoneNumber, for caller: Caller) async throws -> [PatientRecord] {
        let ids = try await candidates(having: [vault.token(of: phone, for: caller.tenant)], caller)
        var found: [PatientRecord] = []
        for start in stride(from: 0, to: ids.count, by: Self.chunk) {
            let part = ids[start..<min(start + Self.chunk, ids.count)]
            found += try await matching(part, "p.tenant_id = \(caller.tenant)", caller) { row, plain in
                try record(row, plain).details.phone == phone.text
            }.map { try record($0.row, $0.plain) }
        }
        return found
    }

    /// What the record is found by from now on.
    func keepTokens(of record: PatientRecord, in tx: Transaction) async throws {
        try await tx.run(
            """
            insert into patient_search as s (patient_id, tenant_id, tokens)
            values (\(record.id), \(record.tenant), \(vault.tokens(of: record.details, for: record.tenant)))
            on conflict (patient_id) do update set tokens = excluded.tokens
                where s.tokens is distinct from excluded.tokens
            """)
    }
}
