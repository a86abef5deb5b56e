import Kernel
import Postgres

/// What is in no batch: it waits to be sealed, or something is wrong with it.
extension AuditVerifier {
    func unsealed(_ report: inout AuditReport, sealed: Int, in tx: Transaction) async throws -> AuditFinding? {
        let counts = Projection(
            Column<Int>("(select count(*) from audit_entry)"),
            Column<Int>("(select count(*) from audit_unsealed join audit_entry using (entry_id))"),
            Column<Int64?>(
                """
                (select min(entry_id) from audit_unsealed left join audit_entry as e using (entry_id)
                    where e.entry_id is null)
                """))
        let (entries, waiting, gone) = try await tx.run(counts).one
        report.entries = entries
        report.waiting = waiting
        if let gone {
            return AuditFinding(.missing, entry: gone, "entry \(gone) is gone; it was not sealed yet.")
        }
        // Sealed entries are in one batch each and were all found: only if the sum is off is there more to look for.
        if report.entries > sealed + report.waiting, let loose = try await looseRow(in: tx) {
            return finding(of: loose)
        }
        return try await foreignAmongWaiting(in: tx)
    }

    /// The first entry that is in no batch and does not wait for one.
    func looseEntry(in tx: Transaction) async throws -> Int64? { try await looseRow(in: tx)?.id }

    private struct Loose {
        let id: Int64
        let kept: StoredEntry?
        let twin: Int64?
    }

    private func looseRow(in tx: Transaction) async throws -> Loose? {
        try await tx.run(StoredEntry.numbered + Column<Int64?>(StoredEntry.repeated)) {
            """
            with sealed as materialized (select unnest(entry_ids) as entry_id from audit_batch where batch_number > 0)
            select \($0) from audit_entry
            where not exists (select from sealed where sealed.entry_id = audit_entry.entry_id)
                and not exists (select from audit_unsealed as u where u.entry_id = audit_entry.entry_id)
            order by entry_id limit 1
            """
        }.first.map { entry, twin in Loose(id: entry.0, kept: entry.1, twin: twin) }
    }

    private func foreignAmongWaiting(in tx: Transaction) async throws -> AuditFinding? {
        var last: Int64 = .min
        while true {
            let rows = try await tx.run(StoredEntry.numbered) {
                """
                select \($0) from audit_unsealed join audit_entry using (entry_id)
                where entry_id > \(last) order by entry_id limit 1000
                """
            }
            for (id, kept) in rows {
                last = id
                if kept.map({ isOurs($0) }) != true { return finding(of: Loose(id: last, kept: kept, twin: nil)) }
            }
            if rows.count < 1000 { return nil }
        }
    }

    private func finding(of loose: Loose) -> AuditFinding {
        let id = loose.id
        guard let kept = loose.kept, isOurs(kept) else {
            return AuditFinding(.inserted, entry: id, "entry \(id) was written by no process of ours.")
        }
        if let twin = loose.twin {
            return AuditFinding(.inserted, entry: id, "entry \(id) repeats entry \(twin), mark and all.")
        }
        return AuditFinding(
            .truncated, entry: id, "entry \(id) is ours, but in no batch: the one that held it was removed.")
    }
}
