import Crypto
import Files
import Glibc
import Kernel
import Postgres
import Testing

@testable import Audit

@Suite struct HeadTests {
    @Test func `a tail cut off with everything in the database is shown by the file`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await fixture.newSealer().sign()
            fixture.tamper(
                "delete from audit_entry where entry_id > 8; delete from audit_batch where batch_number > 2; "
                    + "delete from audit_checkpoint")
            #expect(try await fixture.finding() == "truncated batch 3")
            // New entries in the place of the old make it no better.
            try await fixture.write(4)
            try await fixture.newSealer().seal()
            #expect(try await fixture.finding() == "truncated batch 3")
        }
    }

    @Test func `all tables emptied are shown by the file`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await fixture.newSealer().sign()
            fixture.tamper("truncate audit_entry, audit_batch, audit_checkpoint, audit_unsealed")
            #expect(try await fixture.finding() == "truncated batch 1")
        }
    }

    @Test func `without the file the table's own heads still tell`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await fixture.newSealer().sign()
            unsafe unlink(fixture.file.path)
            #expect(try await fixture.verify().filedHeads == nil)
            fixture.tamper("delete from audit_entry where entry_id > 8; delete from audit_batch where batch_number > 2")
            #expect(try await fixture.finding() == "truncated batch 3")
        }
    }

    @Test func `a head nobody of ours signed is named`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            let hash = try #require(
                try await fixture.database.read(Column<[UInt8]>("batch_hash")) { "select \($0) from audit_batch" }.first
            )
            let forged = try AuditHead(service: "registry", batch: 1, hash: hash, signedAt: fixture.clock.now)
                .signed(with: SigningKey.generate())
            fixture.tamper("insert into audit_checkpoint values (1, '\(forged)', now())")
            #expect(try await fixture.finding() == "forged")
        }
    }

    @Test func `a cut tail is noticed by the sealer that saw it, and told in the file`() async throws {
        try await ChainFixture.open { fixture in
            let sealer = fixture.newSealer()
            try await fixture.write(4)
            try await sealer.seal()
            try await fixture.write(4)
            try await sealer.seal()
            fixture.tamper("delete from audit_entry where entry_id > 4; delete from audit_batch where batch_number > 1")
            #expect(try await fixture.finding() == "whole")
            try await fixture.write(1)
            try await sealer.seal()
            #expect(try await fixture.finding() == "truncated batch 2")
        }
    }

    @Test func `a head is signed once for each end, and verifies with the published key`() async throws {
        try await ChainFixture.open { fixture in
            let sealer = fixture.newSealer()
            #expect(try await sealer.sign() == false)
            try await fixture.write(1)
            try await sealer.seal()
            for _ in 0..<3 { #expect(try await sealer.sign()) }
            let lines = try #require(try await fixture.file.lines())
            #expect(lines.count == 1)
            let keys = try JWKS(json: fixture.keys.published.json)
            let head = try #require(AuditHead(lines[0], of: "registry", keys: keys))
            #expect(head.batch == 1 && head.signedAt == fixture.clock.now)
            #expect(AuditHead(lines[0], of: "records", keys: keys) == nil)
            #expect(AuditHead(lines[0], of: "registry", keys: JWKS([])) == nil)
        }
    }

    @Test func `a line torn by a crash spoils neither the next nor the verdict`() async throws {
        try await ChainFixture.open { fixture in
            try await fixture.threeBatches()
            try await fixture.newSealer().sign()
            let text = try #require(try await fixture.file.lines()).joined()
            let torn = String(text.dropLast(20))
            let file = unsafe open(fixture.file.path, O_WRONLY | O_APPEND)
            _ = unsafe write(file, torn, torn.utf8.count)
            close(file)
            try await fixture.write(1)
            try await fixture.newSealer().seal()
            try await fixture.newSealer().sign()
            #expect(try await fixture.file.lines()?.count == 3)
            #expect(try await fixture.finding() == "whole")
        }
    }
}
