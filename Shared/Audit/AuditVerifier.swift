import Crypto
package import Files
import Kernel
import Lifecycle
package import Postgres

/// Walks a service's chain from its beginning and names the first broken entry. It only reads, in one snapshot, a few
/// batches at a time, however long the trail is.
package struct AuditVerifier: Sendable {
    private let database: Database
    let keys: AuditKeys?
    private let file: LineFile?
    let service: String

    /// Batches read at once, with their entries: two questions for as many.
    private static let step = 50

    /// - Parameter keys: nil where the service never made any; then nothing may be sealed either.
    package init(_ database: Database, service: String, keys: AuditKeys?, file: LineFile?) {
        self.database = database
        self.service = service
        self.keys = keys
        self.file = file
    }

    func isOurs(_ kept: StoredEntry) -> Bool { keys?.isOurs(kept) == true }

    package func verify() async throws -> AuditReport {
        // Heads first: what was signed before the snapshot is taken must be in it.
        let filed = try await file?.lines()
        return try await database.transaction(isolation: .repeatableRead, until: .after(.seconds(86_400))) { tx in
            var report = AuditReport(service: service)
            report.filedHeads = filed?.count
            let sealed = try await walk(&report, in: tx)
            if report.finding == nil { report.finding = try await signed(&report, filed ?? [], in: tx) }
            if report.finding == nil { report.finding = try await unsealed(&report, sealed: sealed, in: tx) }
            return report
        }
    }

    // MARK: Batch by batch

    /// How many entries the batches hold.
    private func walk(_ report: inout AuditReport, in tx: Transaction) async throws -> Int {
        var sealed = 0
        while true {
            let batches = try await tx.run(Column<Int64>("batch_number") + StoredBatch.row.ifReadable) {
                """
                select \($0) from audit_batch where batch_number > \(report.batches)
                order by batch_number limit \(AuditVerifier.step)
                """
            }
            let entries = try await entries(batches.flatMap { _, kept in kept?.batch.ids ?? [] }, in: tx)
            for (number, kept) in batches {
                report.finding = try await fault(of: number, kept, entries, after: report, in: tx)
                guard report.finding == nil, let kept else { return sealed }
                report.batches = kept.batch.number
                report.end = kept.hash
                sealed += kept.batch.ids.count
            }
            if batches.count < AuditVerifier.step { return sealed }
        }
    }

    private func fault(
        of number: Int64, _ kept: StoredBatch?, _ entries: [Int64: StoredEntry?], after report: AuditReport,
        in tx: Transaction
    ) async throws -> AuditFinding? {
        let expected = report.batches + 1
        guard number == expected else {
            let loose = try await looseEntry(in: tx)
            return AuditFinding(
                .missing, entry: loose, batch: expected,
                "batch \(expected) is gone\(loose.map { ", and with it the seal of entry \($0)" } ?? "").")
        }
        guard let kept else {
            return AuditFinding(.changed, batch: number, "the record of batch \(number) was changed.")
        }
        guard keys?[kept.batch.keyID] != nil else {
            return AuditFinding(
                .changed, entry: kept.batch.ids.first, batch: number,
                "the key that sealed batch \(number), which begins with entry \(kept.batch.ids.first ?? 0), "
                    + "is not there."
            )
        }
        guard isOurs(kept) else { return changed(kept.batch, entries) }
        guard kept.batch.previous == report.end else {
            return AuditFinding(
                .reordered, entry: kept.batch.ids.first, batch: number,
                "batch \(number), with entry \(kept.batch.ids.first ?? 0), does not follow what stands before it.")
        }
        return fault(in: kept.batch, entries)
    }

    /// Whether it was sealed with a key of ours, and is what was sealed.
    private func isOurs(_ kept: StoredBatch) -> Bool {
        let (batch, hash) = (kept.batch, kept.batch.hash(of: service))
        guard let key = keys?[batch.keyID], key.batches.verify(kept.mac, for: hash) else { return false }
        return kept.hash == hash && MerkleTree.root(batch.leaves) == batch.root && batch.leaves.count == batch.ids.count
    }

    private func entries(_ ids: [Int64], in tx: Transaction) async throws -> [Int64: StoredEntry?] {
        let rows = try await tx.run(StoredEntry.numbered) {
            "select \($0) from audit_entry where entry_id = any(\(ids)::bigint[])"
        }
        return Dictionary(rows, uniquingKeysWith: { _, last in last })
    }

    /// In a batch that is as it was sealed: the first entry that is not.
    private func fault(in batch: AuditBatch, _ entries: [Int64: StoredEntry?]) -> AuditFinding? {
        for (id, leaf) in zip(batch.ids, batch.leaves) {
            guard let found = entries[id] else {
                return AuditFinding(.missing, entry: id, batch: batch.number, "entry \(id) is gone.")
            }
            guard let kept = found, kept.leaf(of: service) == leaf else {
                return moved(found, id, batch)
                    ?? AuditFinding(.changed, entry: id, batch: batch.number, "entry \(id) was changed.")
            }
        }
        return nil
    }

    /// Whether it holds what was sealed as another.
    private func moved(_ found: StoredEntry?, _ id: Int64, _ batch: AuditBatch) -> AuditFinding? {
        guard let found else { return nil }
        let origin = zip(batch.ids, batch.leaves).first { other, leaf in
            other != id && found.leaf(of: service, numbered: other) == leaf
        }
        guard let origin else { return nil }
        return AuditFinding(
            .reordered, entry: id, batch: batch.number, "entry \(id) holds what was written as entry \(origin.0).")
    }

    /// A batch that was made without the key: its own numbers prove nothing, the marks of its entries do.
    private func changed(_ batch: AuditBatch, _ entries: [Int64: StoredEntry?]) -> AuditFinding {
        for id in batch.ids {
            guard let found = entries[id] else {
                return AuditFinding(.missing, entry: id, batch: batch.number, "entry \(id) is gone.")
            }
            guard let kept = found, isOurs(kept) else {
                return AuditFinding(
                    .changed, entry: id, batch: batch.number,
                    "entry \(id) was changed, and batch \(batch.number) made again without the key.")
            }
        }
        return AuditFinding(
            .changed, entry: batch.ids.first, batch: batch.number,
            "the record of batch \(batch.number), which begins with entry \(batch.ids.first ?? 0), "
                + "is not what was sealed."
        )
    }
}
