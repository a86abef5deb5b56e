import Kernel
import Postgres

/// Signed heads, in the table and in the file: the chain must hold each of them.
extension AuditVerifier {
    func signed(
        _ report: inout AuditReport, _ filed: [String], in tx: Transaction
    ) async throws -> AuditFinding? {
        var last: Int64 = -1
        while true {
            let rows = try await tx.run(Projection(Column<Int64>("batch_number"), Column<String>("head"))) {
                """
                select \($0) from audit_checkpoint where batch_number > \(last)
                order by batch_number limit 500
                """
            }
            let heads = rows.map { _, head in head }
            if let finding = try await fault(among: heads, Self.tableName, report, in: tx) { return finding }
            report.heads += heads.count
            guard heads.count == 500, let row = rows.last else { break }
            last = row.0
        }
        for start in stride(from: 0, to: filed.count, by: 500) {
            let heads = Array(filed[start..<min(start + 500, filed.count)])
            if let finding = try await fault(among: heads, Self.fileName, report, in: tx) { return finding }
        }
        return nil
    }

    private static let tableName = "the table"
    private static let fileName = "the file"

    /// A line that was cut off when a process died is no head, and proves nothing.
    private static func isTorn(_ token: String) -> Bool {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count != 3 || parts[2].utf8.count != 86
    }

    private func fault(
        among tokens: [String], _ source: String, _ report: AuditReport, in tx: Transaction
    ) async throws -> AuditFinding? {
        var heads: [AuditHead] = []
        for token in tokens {
            guard let keys, let head = AuditHead(token, of: service, keys: keys.published) else {
                if source == Self.fileName, Self.isTorn(token) { continue }
                return AuditFinding(.forged, "a head in \(source) was signed by none of the keys of \(service).")
            }
            heads.append(head)
        }
        let rows = try await tx.run(Projection(Column<Int64>("batch_number"), Column<[UInt8]>("batch_hash"))) {
            "select \($0) from audit_batch where batch_number = any(\(heads.map(\.batch))::bigint[])"
        }
        let hashes = Dictionary(rows, uniquingKeysWith: { _, last in last })
        for head in heads where hashes[head.batch] != head.hash {
            return try await cut(at: head, source, report, in: tx)
        }
        return nil
    }

    private func cut(
        at head: AuditHead, _ source: String, _ report: AuditReport, in tx: Transaction
    ) async throws -> AuditFinding {
        let loose = try await looseEntry(in: tx)
        let end = report.batches >= head.batch ? "batch \(head.batch) is another" : "ends with batch \(report.batches)"
        let after = loose.map { "; entry \($0) lost its seal" } ?? ""
        return AuditFinding(
            .truncated, entry: loose, batch: min(report.batches + 1, head.batch),
            "a head signed at \(head.signedAt.rfc3339), in \(source), is of batch \(head.batch), "
                + "but the chain \(end)\(after)."
        )
    }
}
