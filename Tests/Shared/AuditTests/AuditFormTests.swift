import Crypto
import Kernel
import Testing

@testable import Audit

/// The bytes that marks, leaves and batches are made over: what was sealed today must verify in six years. The figures
/// were computed apart from this code.
@Suite struct AuditFormTests {
    private let entry = AuditLine(
        at: Instant(microseconds: 1_760_000_000_000_001), action: "note.added", actor: ID(high: 1, low: 2),
        role: "staff", subject: "note/1", requestID: "request-1", address: nil)

    @Test func `an entry's form is what it always was`() {
        let form = """
            010000001470726178697320617564697420656e7472792031010000000872656769737472790100000008000640b5eece0001\
            010000000a6e6f74652e6164646564010000001000000000000000010000000000000002010000000573746166660100000006\
            6e6f74652f310100000009726571756573742d3100
            """
        #expect(Hex.encode(entry.form(of: "registry")) == form)
    }

    @Test func `a leaf and a batch are what they always were`() {
        let kept = StoredEntry(id: 7, entry: entry, mark: [1, 2])
        #expect(
            Hex.encode(kept.leaf(of: "registry"))
                == "cd44df6c3c5da18d3e600d335ec99262562352cf5910c49f0c51281fbe366262")
        let batch = AuditBatch(
            after: nil, of: [kept], service: "registry", at: Instant(microseconds: 1_760_000_001_000_000),
            keyID: "key-1")
        #expect(
            Hex.encode(batch.hash(of: "registry"))
                == "b630b40e141cdb9b612dec64bd7cbf99a4ed9e122d88d08e0e7ce6c7039774a5")
    }

    @Test func `every field has a part in it, and nothing can move from one to the next`() {
        var others: [AuditLine] = [entry]
        func change(_ body: (inout AuditLine) -> Void) {
            var other = entry
            body(&other)
            others.append(other)
        }
        change { $0.at = Instant(microseconds: 1_760_000_000_000_002) }
        change { $0.action = "note.adde" }
        change { $0.actor = ID(high: 1, low: 3) }
        change { $0.actor = nil }
        change { $0.role = "admin" }
        change { ($0.role, $0.subject) = ("staffnote", "/1") }
        change { ($0.subject, $0.requestID) = (nil, "note/1request-1") }
        change { ($0.subject, $0.requestID) = ("", "request-1") }
        change { $0.requestID = nil }
        change { $0.address = [] }
        #expect(Set(others.map { $0.form(of: "registry") }).count == others.count)
        #expect(entry.form(of: "registry") != entry.form(of: "records"))
    }

    @Test func `the number and the mark are in the leaf`() {
        let leaves = [(7, [1]), (8, [1]), (7, [2]), (7, nil)].map { (number: Int64, mark: [UInt8]?) in
            StoredEntry(id: number, entry: entry, mark: mark).leaf(of: "registry")
        }
        #expect(Set(leaves).count == 4)
    }
}
