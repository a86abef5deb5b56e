import Crypto
import Kernel
import Postgres

/// A link of the chain: which entries, their tree, and the digest of the link before. Nothing of it can be made again
/// without the key, which no database holds.
struct AuditBatch: Sendable {
    let number: Int64
    /// Of the batch before; zeros before the first.
    let previous: [UInt8]
    /// Ascending.
    let ids: [Int64]
    /// 32 bytes for each entry, in the order of the ids: what a changed entry is named by.
    let leaves: [[UInt8]]
    let root: [UInt8]
    let sealedAt: Instant
    let keyID: String

    static let start = [UInt8](repeating: 0, count: 32)

    init(
        after last: (number: Int64, hash: [UInt8])?, of entries: [StoredEntry], service: String, at now: Instant,
        keyID: String
    ) {
        number = (last?.number ?? 0) &+ 1
        previous = last?.hash ?? Self.start
        ids = entries.map(\.id)
        leaves = entries.map { $0.leaf(of: service) }
        root = MerkleTree.root(leaves)
        sealedAt = now
        self.keyID = keyID
    }

    /// What the next batch and the signed heads name this one by.
    func hash(of service: String) -> [UInt8] {
        var form = AuditForm("praxis audit batch 1")
        form.add(service)
        form.add(number)
        form.add(previous)
        form.add(root)
        form.add(ids.flatMap { AuditForm.bytes(of: UInt64(bitPattern: $0)) })
        form.add(sealedAt.microseconds)
        form.add(keyID)
        return Digest.sha256(form.bytes)
    }
}

/// A batch as it is kept, beside what was computed when it was.
struct StoredBatch: Sendable {
    let batch: AuditBatch
    let hash: [UInt8]
    let mac: [UInt8]

    static let row = Projection(
        Column<Int64>("batch_number"), Column<[UInt8]>("previous_hash"), Column<[UInt8]>("merkle_root"),
        Column<[Int64]>("entry_ids"), Column<[UInt8]>("leaves"), Column<Instant>("sealed_at"), Column<String>("key_id"),
        Column<[UInt8]>("batch_hash"), Column<[UInt8]>("mac")
    ) { number, previous, root, ids, leaves, sealedAt, keyID, hash, mac in
        let batch = AuditBatch(
            number: number, previous: previous, ids: ids,
            leaves: stride(from: 0, to: leaves.count, by: 32).map { Array(leaves[$0..<min($0 + 32, leaves.count)]) },
            root: root, sealedAt: sealedAt, keyID: keyID)
        return StoredBatch(batch: batch, hash: hash, mac: mac)
    }
}

extension AuditBatch {
    fileprivate init(
        number: Int64, previous: [UInt8], ids: [Int64], leaves: [[UInt8]], root: [UInt8], sealedAt: Instant,
        keyID: String
    ) {
        self.number = number
        self.previous = previous
        self.ids = ids
        self.leaves = leaves
        self.root = root
        self.sealedAt = sealedAt
        self.keyID = keyID
    }
}
