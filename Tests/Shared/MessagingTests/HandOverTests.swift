import Events
import Kernel
import Lifecycle
import Messaging
import Postgres
import Testing

/// Who keeps a copy of what an event tells is handed it after the commit, and before the writer goes on.
@Suite struct HandOverTests {
    private let account = AccountFact(account: ID(high: 1, low: 2), role: .patient)

    @Test func `it is handed over when the state can be read, and before the transaction's caller goes on`()
        async throws
    {
        try await MessagingFixture.with { f in
            let told = Locked<[String]>([])
            let outbox = Outbox(source: "identity", clock: SystemClock()) { envelope, keeper in
                let rows = try? await f.database.read(Column<Int>("count(*)")) {
                    "select \($0) from outbox where event_id = \(envelope.id)"
                }
                told.withLock { $0.append("\(envelope.type) \(keeper) \(rows ?? [])") }
            }
            try await f.database.transaction { tx in
                try await outbox.record(Event.emailVerified(account), from: .job("test"), in: tx)
                try await outbox.record(Event.accountUpdated(account), from: .job("test"), in: tx)
                #expect(told.withLock { $0.isEmpty })
            }
            #expect(told.withLock { $0 } == ["identity.email_verified.v1 registry [1]"])
        }
    }

    @Test func `what is undone is handed to nobody, and what is tried again is handed over once`() async throws {
        try await MessagingFixture.with { f in
            let told = Locked(0)
            let outbox = Outbox(source: "identity", clock: SystemClock()) { _, _ in told.withLock { $0 += 1 } }
            func record(in tx: Transaction) async throws {
                try await outbox.record(Event.emailVerified(account), from: .job("test"), in: tx)
            }
            await #expect(throws: Refusal.self) {
                try await f.database.transaction { tx in
                    try await record(in: tx)
                    throw Refusal()
                }
            }
            #expect(told.withLock { $0 } == 0)
            var tries = 0
            try await f.database.transaction { tx in
                try await record(in: tx)
                tries += 1
                if tries == 1 { throw DatabaseError(sqlState: "40P01") }
                await #expect(throws: Refusal.self) {
                    try await tx.attempt {
                        try await record(in: tx)
                        throw Refusal()
                    }
                }
            }
            #expect(tries == 2 && told.withLock { $0 } == 1)
        }
    }
}
