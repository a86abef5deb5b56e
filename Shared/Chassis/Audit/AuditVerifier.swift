import Crypto
import Kernel
import Lifecycle
package import Postgres

/// Walks a service's chain from its beginning and names the first broken entry. It only reads, in one snapshot, a few
/// batches at a time, however long the trail is.
package struct AuditVerifier: Sendable {
    private let database: Database
    private let keys: AuditKeys?
    private let file: HeadFile?
    private let service: String

    /// Batches read at once.
    private static let step = 20

    /// - Parameter keys: nil where the service never made any; then nothing may be sealed either.
    package init(_ database: Database, service: String, keys: AuditKeys?, file: HeadFile?) {
        (self.database, self.service, self.keys, self.file) = (database, service, keys, file)
    }

    func isOurs(_ kept: KeptEntry) -> Bool { keys?.isOurs(kept) == true }

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
            let rows = try await tx.run(
                """
                select \(sql: KeptBatch.columns) from audit_batch where batch_number > \(report.batches)
                order by batch_number limit \(AuditVerifier.step)
                """)
            for row in rows {
                report.finding = try await fault(of: row, after: report, in: tx)
                if report.finding != nil { return sealed }
                let kept = try KeptBatch(row)
                (report.batches, report.end) = (kept.batch.number, kept.hash)
                sealed += kept.batch.ids.count
            }
            if rows.count < AuditVerifier.step { return sealed }
        }
    }

    private func fault(of row: Row, after report: AuditReport, in tx: Transaction) async throws -> AuditFinding? {
        let expected = report.batches + 1
        let number: Int64 = try row.decode(0)
        guard number == expected else {
            let loose = try await looseEntry(in: tx)
            return AuditFinding(
                .missing, entry: loose, batch: expected,
                "batch \(expected) is gone\(loose.map { ", and with it the seal of entry \($0)" } ?? "").")
        }
        guard let kept = try? KeptBatch(row) else {
            return AuditFinding(.changed, batch: number, "the record of batch \(number) was changed.")
        }
        let entries = try await entries(of: kept.batch, in: tx)
        guard isOurs(kept) else { return changed(kept.batch, entries) }
        guard kept.batch.previous == report.end else {
            return AuditFinding(
                .reordered, entry: kept.batch.ids.first, batch: number,
                "batch \(number), with entry \(kept.batch.ids.first ?? 0), does not follow what stands before it.")
        }
        return fault(in: kept.batch, entries)
    }

    /// Whether it was sealed with a key of ours, and is what was sealed.
    private func isOurs(_ kept: KeptBatch) -> Bool {
        let (batch, hash) = (kept.batch, kept.batch.hash(of: service))
        guard let key = keys?[batch.keyID], key.batches.verify(kept.mac, for: hash) else { return false }
        return kept.hash == hash && MerkleTree.root(batch.leaves) == batch.root && batch.leaves.count == batch.ids.count
    }

    private func entries(of batch: AuditBatch, in tx: Transaction) async throws -> [Int64: KeptEntry?] {
        let rows = try await tx.run(
            """
            select \(sql: KeptEntry.columns) from audit_entry where entry_id = any(\(batch.ids)::bigint[])
            """)
        var found: [Int64: KeptEntry?] = [:]
        for row in rows { found[try row.decode(0)] = .some(try? KeptEntry(row)) }
        return found
    }

    /// In a batch that is as it was sealed: the first entry that is not.
    private func fault(in batch: AuditBatch, _ entries: [Int64: KeptEntry?]) -> AuditFinding? {
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
    private func moved(_ found: KeptEntry?, _ id: Int64, _ batch: AuditBatch) -> AuditFinding? {
        guard let found else { return nil }
        let origin = zip(batch.ids, batch.leaves).first { other, leaf in
            other != id && found.leaf(of: service, numbered: other) == leaf
        }
        guard let origin else { return nil }
        return AuditFinding(
            .reordered, entry: id, batch: batch.number, "entry \(id) holds what was written as entry \(origin.0).")
    }

    /// A batch that was made without the key: its own numbers prove nothing, the marks of its entries do.
    private func changed(_ batch: AuditBatch, _ entries: [Int64: KeptEntry?]) -> AuditFinding {
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
            "the record of batch \(batch.number), which begins with entry \(batch.ids.first ?? 0), is not what was sealed."
        )
    }

    // MARK: Signed heads

    private func signed(
        _ report: inout AuditReport, _ filed: [String], in tx: Transaction
    ) async throws -> AuditFinding? {
        var last: Int64 = -1
        while true {
            let rows = try await tx.run(
                """
                select batch_number, head from audit_checkpoint where batch_number > \(last)
                order by batch_number limit 500
                """)
            let heads = try rows.map { try $0.text(1) }
            if let finding = try await fault(among: heads, Self.tablePlace, report, in: tx) { return finding }
            report.heads += heads.count
            guard heads.count == 500, let row = rows.last else { break }
            last = try row.decode(0)
        }
        for start in stride(from: 0, to: filed.count, by: 500) {
            let heads = Array(filed[start..<min(start + 500, filed.count)])
            if let finding = try await fault(among: heads, Self.filePlace, report, in: tx) { return finding }
        }
        return nil
    }

    private static let (tablePlace, filePlace) = ("the table", "the file")

    /// A line that was cut off when a process died is no head, and proves nothing.
    private static func isTorn(_ token: String) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count != 3 || parts[2].utf8.count != 86
    }

    private func fault(
        among tokens: [String], _ place: String, _ report: AuditReport, in tx: Transaction
    ) async throws -> AuditFinding? {
        var heads: [AuditHead] = []
        for token in tokens {
            guard let keys, let head = AuditHead(token, of: service, keys: keys.published) else {
                if place == Self.filePlace, Self.isTorn(token) { continue }
                return AuditFinding(.forged, "a head in \(place) was signed by none of the keys of \(service).")
            }
            heads.append(head)
        }
        let rows = try await tx.run(
            "select batch_number, batch_hash from audit_batch where batch_number = any(\(heads.map(\.batch))::bigint[])"
        )
        var hashes: [Int64: [UInt8]] = [:]
        for row in rows { hashes[try row.decode(0)] = try row.bytes(1) }
        for head in heads where hashes[head.batch] != head.hash {
            return try await cut(at: head, place, report, in: tx)
        }
        return nil
    }

    private func cut(
        at head: AuditHead, _ place: String, _ report: AuditReport, in tx: Transaction
    ) async throws -> AuditFinding {
        let loose = try await looseEntry(in: tx)
        let end = report.batches >= head.batch ? "batch \(head.batch) is another" : "ends with batch \(report.batches)"
        let after = loose.map { "; entry \($0) lost its seal" } ?? ""
        return AuditFinding(
            .truncated, entry: loose, batch: min(report.batches + 1, head.batch),
            "a head signed at \(head.signedAt.rfc3339), in \(place), is of batch \(head.batch), but the chain \(end)\(after)."
        )
    }
}
