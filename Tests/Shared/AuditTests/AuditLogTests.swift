import Kernel
import Postgres
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
            let row = try await fixture.database.read(
                "select action, actor_id, actor_role, subject, request_id, address from audit_entry"
            ).one
            #expect(try row.text(0) == "note.added")
            #expect(try row.id(1, of: Account.self) == ChainFixture.staff.account)
            #expect(try row.text(2) == "staff")
            let sealed: [UInt8] = try row.bytes(5)
            #expect(!String(decoding: sealed, as: UTF8.self).contains("192.0.2.7"))
            let address = try fixture.audit.address(sealed, ofRequest: try row.text(4))
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

    private func attempt(_ statement: String, _ database: Database) async throws {
        switch statement.prefix(1) {
        case "u": try await database.run("update audit_entry set action = 'x'")
        case "d": try await database.run("delete from audit_entry")
        default: try await database.run("truncate audit_entry")
        }
    }
}
