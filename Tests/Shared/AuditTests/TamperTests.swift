import Crypto
import Kernel
import Postgres
import Testing

@testable import Audit

/// Somebody with the database tries; `audit verify` names the first broken entry.
@Suite struct TamperTests {
    @Test func `an untouched trail is whole, with entries that wait too`() async throws {
        try await ChainFixture.open { fixture in
            #expect(try await fixture.finding() == "whole")
            try await fixture.threeBatches()
            try await fixture.newSealer().sign()
            try await fixture.write(2)
            let report = try await fixture.verify()
            #expect(report.finding == nil)
            #expect(report.entries == 14 && report.batches == 3 && report.waiting == 2)
            #expect(report.heads == 1 && report.filedHeads == 1)
        }
    }

    @Test(arguments: [
        "at = at + interval '1 microsecond'", "at = 'infinity'", "action = 'x'", "actor_id = null",
        "actor_role = 'admin'", "subject = 'note/2'", "request_id = null", "address = 'x'", "mark = null",
    ])
    func `a changed column is named`(change: String) async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            fixture.tamper("update audit_entry set \(change) where entry_id in (6, 10)")
            #expect(try await fixture.finding() == "changed entry 6 batch 2")
        }
    }

    @Test(arguments: [
        ("delete from audit_entry where entry_id in (7, 11)", "missing entry 7 batch 2"),
        ("delete from audit_batch where batch_number = 2", "missing entry 5 batch 2"),
        ("delete from audit_batch where batch_number = 1", "missing entry 1 batch 1"),
        ("delete from audit_batch where batch_number = 3", "truncated entry 9"),
        ("delete from audit_batch", "truncated entry 1"),
        ("delete from audit_key", "changed entry 1 batch 1"),
        ("update audit_batch set merkle_root = previous_hash where batch_number = 2", "changed entry 5 batch 2"),
        ("update audit_batch set leaves = leaves || leaves where batch_number = 3", "changed entry 9 batch 3"),
        ("update audit_batch set batch_hash = mac where batch_number = 2", "changed entry 5 batch 2"),
        (
            "update audit_batch set sealed_at = sealed_at - interval '1 h' where batch_number = 2",
            "changed entry 5 batch 2"
        ),
        ("update audit_batch set entry_ids = '{5,6,8}' where batch_number = 2", "changed entry 5 batch 2"),
        (
            "update audit_batch set batch_number = -batch_number; update audit_batch set batch_number = case "
                + "batch_number when -2 then 3 when -3 then 2 else 1 end", "changed entry 9 batch 2"
        ),
        ("insert into audit_entry (at, action) values (now(), 'x')", "inserted entry 13"),
        (
            "insert into audit_entry overriding system value values (100, now(), 'x', null, null, null, null, null, 'x');"
                + " insert into audit_unsealed values (100)", "inserted entry 100"
        ),
    ])
    func `what was cut out, put in or moved is named`(statement: String, named: String) async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            fixture.tamper(statement)
            #expect(try await fixture.finding() == named)
        }
    }

    @Test func `a made-up row is never sealed, even when it is put on the list`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.write(1)
            fixture.tamper(
                """
                with made as (insert into audit_entry (at, action, mark) select at, 'x', mark from audit_entry
                    returning entry_id) insert into audit_unsealed select entry_id from made
                """)
            try await fixture.newSealer().seal()
            #expect(try await fixture.batches() == [[1]])
            #expect(try await fixture.finding() == "inserted entry 2")
        }
    }

    @Test func `a true row written a second time is never sealed`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            fixture.tamper(
                """
                with made as (insert into audit_entry (at, action, actor_id, actor_role, subject, request_id, address, mark)
                    select at, action, actor_id, actor_role, subject, request_id, address, mark
                    from audit_entry where entry_id = 5 returning entry_id)
                insert into audit_unsealed select entry_id from made
                """)
            try await fixture.write(1)
            try await fixture.newSealer().seal()
            #expect(try await fixture.batches().last == [14])
            let finding = try #require(try await fixture.verify().finding)
            #expect(finding.kind == .inserted && finding.entry == 13)
            #expect(finding.says == "entry 13 repeats entry 5, mark and all.")
        }
    }

    @Test func `two rows whose contents changed places are named`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await swap(6, 8, fixture)
            #expect(try await fixture.finding() == "reordered entry 6 batch 2")
        }
    }

    @Test func `across batches too`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await swap(3, 12, fixture)
            #expect(try await fixture.finding() == "changed entry 3 batch 1")
        }
    }

    private func swap(_ one: Int, _ other: Int, _ fixture: ChainFixture) async throws {
        fixture.tamper("update audit_entry set entry_id = -1 where entry_id = \(one)".replacingIdentity)
        fixture.tamper("update audit_entry set entry_id = \(one) where entry_id = \(other)".replacingIdentity)
        fixture.tamper("update audit_entry set entry_id = \(other) where entry_id = -1".replacingIdentity)
    }

    @Test func `hashes made again without the key are named by the entry that was changed`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await fixture.newSealer().sign()
            fixture.tamper("update audit_entry set action = 'x' where entry_id = 7; delete from audit_checkpoint")
            try await sealAgain(from: 2, fixture)
            #expect(try await fixture.finding() == "changed entry 7 batch 2")
        }
    }

    @Test func `an entry taken out with all hashes made again is named by its batch`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            fixture.tamper(
                "delete from audit_entry where entry_id = 7; "
                    + "update audit_batch set entry_ids = '{5,6,8}' where batch_number = 2")
            try await sealAgain(from: 2, fixture)
            #expect(try await fixture.finding() == "changed entry 5 batch 2")
        }
    }

    /// What an insider can do: every digest anew, with everything but the key.
    private func sealAgain(from first: Int64, _ fixture: ChainFixture) async throws {
        var last: (number: Int64, hash: [UInt8])?
        let batches = try await fixture.database.read(StoredBatch.row) {
            "select \($0) from audit_batch order by batch_number"
        }
        for kept in batches {
            defer { last = last ?? (kept.batch.number, kept.hash) }
            guard kept.batch.number >= first else {
                last = (kept.batch.number, kept.hash)
                continue
            }
            let entries = try await fixture.database.read(StoredEntry.row) {
                "select \($0) from audit_entry where entry_id = any(\(kept.batch.ids)::bigint[]) order by 1"
            }
            let made = AuditBatch(
                after: last, of: entries, service: "registry", at: kept.batch.sealedAt, keyID: kept.batch.keyID)
            let hash = made.hash(of: "registry")
            last = (made.number, hash)
            fixture.tamper(
                """
                update audit_batch set previous_hash = '\\x\(Hex.encode(made.previous))',
                    merkle_root = '\\x\(Hex.encode(made.root))', leaves = '\\x\(Hex.encode(Array(made.leaves.joined())))',
                    batch_hash = '\\x\(Hex.encode(hash))', mac = '\\x\(Hex.encode(Digest.sha256(hash)))'
                where batch_number = \(made.number)
                """)
        }
    }
}

extension String {
    /// The column is always generated; a superuser's way around that.
    fileprivate var replacingIdentity: String {
        "alter table audit_entry alter column entry_id drop identity if exists; " + self
    }
}
