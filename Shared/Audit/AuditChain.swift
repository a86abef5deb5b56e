import Crypto
import Kernel
import Postgres

/// The chain's tables: what its one sealer reads and writes. Everything is added, nothing ever changed; the waiting
/// list alone loses what was sealed, in the transaction that seals it.
struct AuditChain: Sendable {
    let keys: AuditKeys

    /// Entries sealed at once.
    static let limit = 1000

    struct End: Sendable, Equatable {
        let number: Int64
        let hash: [UInt8]
    }

    /// True for one process at a time, until its transaction ends.
    func tryLock(in tx: Transaction) async throws -> Bool {
        try await tx.run(
            Column<Bool>("pg_try_advisory_xact_lock(hashtextextended('praxis audit ' || current_schema(), 0))")
        ).one
    }

    func end(in tx: Transaction) async throws -> End? {
        try await tx.run(Projection(Column<Int64>("batch_number"), Column<[UInt8]>("batch_hash"), make: End.init)) {
            "select \($0) from audit_batch order by batch_number desc limit 1"
        }.first
    }

    /// Committed and not yet sealed, ascending. A row whose writer committed late waits for a later batch: nobody waits
    /// for it. Without the entry is what no process of ours wrote so: it cannot be read, or repeats another's mark.
    func waiting(in tx: Transaction) async throws -> [(id: Int64, kept: StoredEntry?)] {
        let isRepeated = Column<Bool>("\(sql: StoredEntry.repeated) is not null")
        tx.findByIndexes()
        return try await tx.run(StoredEntry.numbered + isRepeated) {
            "select \($0) from \(sql: Self.waiting) order by waiting_id limit \(AuditChain.limit)"
        }.map { entry, isRepeated in (id: entry.0, kept: isRepeated ? nil : entry.1) }
    }

    /// What waits, each with its entry: however many rows the planner believes either table to have, a subquery with a
    /// limit can be joined in no other way than looked up for each that waits.
    private static let waiting: SQL = """
        (select entry_id as waiting_id from audit_unsealed) waiting
        cross join lateral (select * from audit_entry where entry_id = waiting_id limit 1) audit_entry
        """

    /// How many wait, up to the size of a batch, and since when.
    func backlog(in tx: Transaction) async throws -> (count: Int, oldest: Instant?) {
        tx.findByIndexes()
        let backlog = Column<Int>("count(*)") + Column<Instant?>("min(at)").projection.ifReadable
        let (count, oldest) = try await tx.run(backlog) {
            """
            select \($0) from (
                select at from \(sql: Self.waiting) order by waiting_id limit \(AuditChain.limit)) first
            """
        }.one
        return (count, oldest ?? nil)
    }

    /// One statement: the batch is there if and only if its entries no longer wait.
    func keep(_ batch: AuditBatch, in tx: Transaction) async throws -> End {
        let hash = batch.hash(of: keys.service)
        try await tx.run(
            """
            with sealed as (delete from audit_unsealed where entry_id = any(\(batch.ids)::bigint[]))
            insert into audit_batch (
                batch_number, previous_hash, merkle_root, entry_ids, last_entry_id, leaves, sealed_at, key_id,
                batch_hash, mac)
            values (\(batch.number), \(batch.previous), \(batch.root), \(batch.ids), \(batch.ids.last),
                \(Array(batch.leaves.joined())), \(batch.sealedAt), \(batch.keyID), \(hash),
                \(keys.current.batches.sign(hash)))
            """)
        return End(number: batch.number, hash: hash)
    }

    /// Rows that no process of ours wrote are never sealed: `audit verify` names them.
    func leaveOut(_ ids: [Int64], in tx: Transaction) async throws {
        try await tx.run("delete from audit_unsealed where entry_id = any(\(ids)::bigint[])")
    }

    /// The signed head of the chain's end, made where there is none yet; nil while nothing was sealed.
    func head(at now: Instant, in tx: Transaction) async throws -> String? {
        guard let end = try await end(in: tx) else { return nil }
        let kept = try await tx.run(Column<String>("head")) {
            "select \($0) from audit_checkpoint where batch_number = \(end.number)"
        }
        if let head = kept.first { return head }
        let token = try head(of: end, at: now)
        try await tx.run(
            """
            insert into audit_checkpoint (batch_number, head, signed_at) values (\(end.number), \(token), \(now))
            on conflict (batch_number) do nothing
            """)
        return token
    }

    func head(of end: End, at now: Instant) throws -> String {
        try AuditHead(service: keys.service, batch: end.number, hash: end.hash, signedAt: now)
            .signed(with: keys.current.signer)
    }
}
