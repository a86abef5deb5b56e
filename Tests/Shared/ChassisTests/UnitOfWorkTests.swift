import API
import Chassis
import HTTP
import Kernel
import Postgres
import Testing
import Web

@Suite struct UnitOfWorkTests {
    private func replayed(_ work: () async throws -> some Sendable) async -> Response? {
        do {
            _ = try await work()
            return nil
        } catch {
            return (error as? Replay)?.response
        }
    }

    private func text(_ response: Response?) -> String {
        guard case .bytes(let bytes)? = response?.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a repeated key gives the first answer again, byte for byte`() async throws {
        try await ServiceFixture.open { fixture in
            let first = try await fixture.write("Milk", ServiceFixture.call(key: "k1"))
            let again = await replayed { try await fixture.write("Milk", ServiceFixture.call(key: "k1")) }
            #expect(text(again) == text(first.answered.response(to: ServiceFixture.call(key: "k1"))))
            #expect(again?.status == .created)
            #expect(again?.headers["Location"] == "/api/notes/1")
            #expect(again?.headers["ETag"] == "\"v1\"")
            #expect(again?.headers["Idempotency-Replayed"] == "true")
            #expect(try await fixture.count() == 1)
        }
    }

    @Test func `an answer is recalled before anything is done, and only by its own request`() async throws {
        try await ServiceFixture.open { fixture in
            // Nothing is there yet, and asking leaves nothing.
            try await fixture.unit.recall(ServiceFixture.call(key: "k1"))
            let first = try await fixture.write("Milk", ServiceFixture.call(key: "k1"))
            let again = await replayed { try await fixture.unit.recall(ServiceFixture.call(key: "k1")) }
            #expect(text(again) == text(first.answered.response(to: ServiceFixture.call(key: "k1"))))
            #expect(again?.headers["Idempotency-Replayed"] == "true")
            await #expect { try await fixture.unit.recall(ServiceFixture.call(key: "k1", body: "other")) } throws: {
                ($0 as? Problem)?.code == .idempotencyKeyReused
            }
            try await fixture.unit.recall(ServiceFixture.call(key: "k2"))
            try await fixture.unit.recall(ServiceFixture.call(key: nil))
            try await fixture.unit.recall(ServiceFixture.call(key: "k1", by: nil))
            try await fixture.unit.recall(ServiceFixture.call(key: "k1", ServiceFixture.other.declaration))
            #expect(try await fixture.count() == 1)
        }
    }

    @Test func `what was undone is not recalled, nor what is a day old`() async throws {
        try await ServiceFixture.open { fixture in
            _ = try? await fixture.write("Milk", ServiceFixture.call(key: "k1"), failing: .notFound)
            try await fixture.unit.recall(ServiceFixture.call(key: "k1"))
            _ = try await fixture.write("Milk", ServiceFixture.call(key: "k1"))
            var late = ServiceFixture.GivenClock()
            late.now = late.now + IdempotencyStore.lifetime
            try await ServiceFixture(fixture.database, fixture.home, clock: late).unit.recall(
                ServiceFixture.call(key: "k1"))
        }
    }

    @Test func `the key with another body is refused`() async throws {
        try await ServiceFixture.open { fixture in
            _ = try await fixture.write("Milk", ServiceFixture.call(key: "k1"))
            await #expect { try await fixture.write("Bread", ServiceFixture.call(key: "k1", body: "other")) } throws: {
                ($0 as? Problem)?.code == .idempotencyKeyReused
            }
            #expect(try await fixture.count() == 1)
        }
    }

    @Test func `nothing is written under a key before the body it came with was read`() async throws {
        try await ServiceFixture.open { fixture in
            await #expect(throws: Problem.internalError) {
                try await fixture.write("Milk", ServiceFixture.call(key: "k1", isRead: false))
            }
            let count = try await fixture.count()
            #expect(count == 0)
        }
    }

    @Test func `a key belongs to its caller and its endpoint`() async throws {
        try await ServiceFixture.open { fixture in
            _ = try await fixture.write("A", ServiceFixture.call(key: "k1"))
            _ = try await fixture.write("B", ServiceFixture.call(key: "k1", by: nil))
            _ = try await fixture.write("C", ServiceFixture.call(key: "k1", ServiceFixture.other.declaration))
            _ = try await fixture.write("D", ServiceFixture.call(key: "k2"))
            _ = try await fixture.write("E", ServiceFixture.call(key: nil))
            _ = try await fixture.write("E", ServiceFixture.call(key: nil))
            #expect(try await fixture.count() == 6)
        }
    }

    @Test func `two people nobody knows may choose the same key`() async throws {
        try await ServiceFixture.open { fixture in
            _ = try await fixture.write("A", ServiceFixture.call(key: "1", by: nil, from: "192.0.2.7"))
            _ = try await fixture.write("B", ServiceFixture.call(key: "1", body: "other", by: nil, from: "192.0.2.8"))
            _ = try await fixture.write("A", ServiceFixture.call(key: "1", by: nil, from: "192.0.2.9"))
            #expect(try await fixture.count() == 3)
            let again = await replayed {
                try await fixture.write("A", ServiceFixture.call(key: "1", by: nil, from: "192.0.2.7"))
            }
            #expect(text(again).contains("A"))
            #expect(try await fixture.count() == 3)
        }
    }

    @Test func `what was refused is not kept`() async throws {
        try await ServiceFixture.open { fixture in
            for problem in [Problem.field("title", "No."), .notAuthenticated, Problem(.rateLimited, "Slow down.")] {
                await #expect(throws: problem) {
                    try await fixture.write("A", ServiceFixture.call(key: "k1"), failing: problem)
                }
            }
            #expect(try await fixture.count() == 0)
            _ = try await fixture.write("A", ServiceFixture.call(key: "k1"))
            #expect(try await fixture.count() == 1)
        }
    }

    private func outcome(_ fixture: ServiceFixture) async -> String {
        let call = ServiceFixture.call(key: "k1")
        do {
            return text(try await fixture.write("Milk", call).answered.response(to: call))
        } catch {
            return (error as? Replay).map { text($0.response) } ?? "\(error)"
        }
    }

    @Test func `twenty at once with one key have one effect and one answer`() async throws {
        try await ServiceFixture.open(loops: 2) { fixture in
            let answers = await withTaskGroup(of: String.self, returning: [String].self) { group in
                for _ in 0..<20 {
                    group.addTask { await outcome(fixture) }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 20)
            #expect(Set(answers).count == 1)
            #expect(answers.first?.contains("Milk") == true)
            let count = try await fixture.count()
            #expect(count == 1)
        }
    }

    @Test func `a key whose request still runs is answered with 409`() async throws {
        try await ServiceFixture.open { fixture in
            // Holds the key as a request that takes longer than anybody waits for a lock.
            try await fixture.database.transaction { tx in
                try await tx.run("lock table idempotency_key in exclusive mode")
                let answer = await outcome(fixture)
                #expect(answer.contains("requestInProgress"), "\(answer)")
            }
            #expect(try await fixture.count() == 0)
        }
    }

    @Test func `a day later the key is new`() async throws {
        try await ServiceFixture.open { fixture in
            _ = try await fixture.write("Milk", ServiceFixture.call(key: "k1"))
            var clock = ServiceFixture.GivenClock()
            clock.now = clock.now + IdempotencyStore.lifetime
            _ = try await ServiceFixture(fixture.database, fixture.home, clock: clock).write(
                "Milk", ServiceFixture.call(key: "k1", body: "other"))
            #expect(try await fixture.count() == 2)
        }
    }

    @Test func `nothing of a kept answer can be read in the table`() async throws {
        try await ServiceFixture.open { fixture in
            _ = try await fixture.write("Milk", ServiceFixture.call(key: "key of somebody"))
            let row = try await fixture.database.read(Column<String>("idempotency_key::text")) {
                "select \($0) from idempotency_key"
            }.one
            let hex = "Milk".utf8.map { String($0, radix: 16) }.joined()
            #expect(!row.contains("somebody"))
            #expect(!row.contains(hex))
        }
    }
}
