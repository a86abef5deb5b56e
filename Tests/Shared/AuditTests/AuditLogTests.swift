import API
import Crypto
import Forms
import Kernel
import Postgres
import TestSupport
import Testing

@testable import Audit

@Suite struct AuditLogTests {
    @Test func `a deed and its row are one transaction, and the address is sealed`() async throws {
        try await ChainFixture.open { fixture in
            let origin = ChainFixture.origin
            try await fixture.database.transaction { tx in
                try await fixture.audit.record("note.added", subject: "note/1", from: origin, in: tx)
            }
            await #expect(throws: Problem.notFound) {
                try await fixture.database.transaction { tx in
                    try await fixture.audit.record("note.lost", from: origin, in: tx)
                    throw Problem.notFound
                }
            }
            let entry = Projection(
                Column<String>("action"), Column<ID<Account>>("actor_id"), Column<Role>("actor_role"),
                Column<String>("request_id"), Column<[UInt8]>("address"))
            let (action, actor, role, request, sealed) = try await fixture.database.read(entry) {
                "select \($0) from audit_entry"
            }.one
            #expect(action == "note.added")
            #expect(actor == ChainFixture.staff.account)
            #expect(role == .staff)
            #expect(!String(decoding: sealed, as: UTF8.self).contains("192.0.2.7"))
            let address = try fixture.audit.address(sealed, ofRequest: request)
            #expect(address == "192.0.2.7")
        }
    }

    @Test(arguments: ["update audit_entry set action = 'x'", "delete from audit_entry", "truncate audit_entry"])
    func `the service itself cannot change what was written`(statement: String) async throws {
        try await ChainFixture.open { fixture in
            await #expect { try await attempt(statement, fixture.database) } throws: {
                ($0 as? DatabaseError)?.sqlState == "42501"
            }
        }
    }

    @Test func `an address that the master key sealed is sealed anew beside its entry, and the chain stays whole`()
        async throws
    {
        try await ChainFixture.open { fixture in
            try await fixture.write(2)
            let next = try MasterKey(version: 2, secret: Secret(String(repeating: "cd", count: 32)))
            let boxed = { (address: String) in
                try SealedBox(fixture.sealer).seal(
                    Array(address.utf8), authenticating: AuditKeys.addressCell(ofRequest: "request-1"), owner: "audit")
            }
            let old = AuditLine(
                at: fixture.clock.now, action: "note.added", actor: nil, role: nil, subject: nil,
                requestID: "request-1", address: try boxed("192.0.2.9"))
            var broken = old
            broken.address = [0, 65, 1]
            try await fixture.database.run(fixture.audit.insertion(of: [old, broken]))
            try await fixture.newSealer().seal()
            let keys = fixture.keys
            let done = try await fixture.home.asOwner(of: "registry") {
                try await keys.sealAddressesAnew(in: $0, Sealer(master: next, others: [fixture.master]))
            }
            #expect(done.sealed == 1 && done.unreadable == 1)
            let alone = AuditLog(clock: fixture.clock, keys: keys, sealer: Sealer(master: next))
            let page = try await AuditTrail(fixture.database, alone, of: .registry).page(
                try ListAudit(Source(query: [])))
            #expect(page.items.map(\.address) == [nil, "192.0.2.9", "192.0.2.7", "192.0.2.7"])
            #expect(try await fixture.finding() == "whole")
            await #expect {
                try await fixture.database.run("insert into audit_address (entry_id, sealed) values (1, 'x')")
            } throws: {
                ($0 as? DatabaseError)?.sqlState == "42501"
            }
            let again = try await fixture.home.asOwner(of: "registry") {
                try await keys.sealAddressesAnew(in: $0, Sealer(master: next, others: [fixture.master]))
            }
            #expect(again.sealed == 0)
        }
    }

    private func attempt(_ statement: String, _ database: Database) async throws {
        switch statement.prefix(1) {
        case "u": try await database.run("update audit_entry set action = 'x'")
        case "d": try await database.run("delete from audit_entry")
        default: try await database.run("truncate audit_entry")
        }
    }
}
