import Events
import Kernel
import Lifecycle
import Messaging
import Net
import Postgres
import Redis
import TestSupport
import Testing

struct ConsumerTests {
    @Test func `a poison event becomes a dead letter after its tries and the next is handled`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(3)
            _ = try await fixture.relay().pass()
            let tries = Locked(0)
            let handler = fixture.handler { envelope in
                guard envelope.id == published[1] else { return }
                tries.withLock { $0 += 1 }
                throw Refusal()
            }
            try await running([fixture.consumer(handler, tries: 3)]) {
                try await fixture.waitUntil("the third is handled") { try await fixture.effects().count == 2 }
            }
            #expect(try await fixture.effects() == [published[0], published[2]])
            #expect(tries.withLock { $0 } == 3)
            let letters = try await DeadLetters(database: fixture.database).list(of: "test")
            #expect(letters.map(\.event) == [published[1]])
            #expect(letters.first?.reason == "Refusal")
            #expect(letters.first?.tries == 3)
        }
    }

    @Test func `what changes nothing is passed over without a trace, and what lies between is handled in order`()
        async throws
    {
        try await MessagingFixture.with { fixture in
            var heard: [ID<EventRecord>] = []
            for round in 0..<3 {
                for _ in 0..<40 { try await fixture.publishOther() }
                if round < 2 { heard += try await fixture.publish(2) }
            }
            _ = try await fixture.relay().pass()
            let handler = fixture.handler(hears: { $0 == Event.accountRegistered.name })
            try await running([fixture.consumer(handler)]) {
                try await fixture.waitUntil("all are acknowledged") {
                    let group = try await fixture.redis.groups(of: fixture.channels.stream(of: "identity")).first
                    return group?.lag == 0 && group?.pending == 0
                }
            }
            #expect(try await fixture.effects() == heard)
            let handled = try await fixture.database.read(Column<Int>("count(*)")) { "select \($0) from handled" }
            #expect(handled == [4])
            // 124 entries in two reads: each read has one command that acknowledges, each event that was handled one.
            let stats = try await fixture.redis.command("INFO", "commandstats").text ?? ""
            let line = stats.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_xack:calls=") } ?? ""
            let calls = Int(line.dropFirst("cmdstat_xack:calls=".count).prefix { $0.isNumber }) ?? 0
            #expect((4...6).contains(calls), "\(calls)")
        }
    }

    @Test func `a dead letter is replayed once`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(1)
            _ = try await fixture.relay().pass()
            let letters = DeadLetters(database: fixture.database)
            try await running([fixture.consumer(fixture.handler { _ in throw Refusal() })]) {
                try await fixture.waitUntil("it is a dead letter") { try await letters.list(of: "test").count == 1 }
            }
            await #expect(throws: Refusal.self) {
                try await letters.replay(published[0], with: fixture.handler { _ in throw Refusal() })
            }
            #expect(try await letters.list(of: "test").count == 1)
            #expect(try await letters.replay(published[0], with: fixture.handler()))
            #expect(try await !letters.replay(published[0], with: fixture.handler()))
            #expect(try await fixture.effects() == published)
        }
    }

    @Test func `a dead letter that an operator marks is handled by the running service, or stays with its reason`()
        async throws
    {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(2)
            _ = try await fixture.relay().pass()
            let letters = DeadLetters(database: fixture.database)
            try await running([fixture.consumer(fixture.handler { _ in throw Refusal() })]) {
                try await fixture.waitUntil("both are dead") { try await letters.list(of: "test").count == 2 }
            }
            try await fixture.database.run("update dead_letter set retry_at = now()")
            let handler = fixture.handler { envelope in
                if envelope.id == published[1] { throw Problem.notFound }
            }
            try await running([fixture.consumer(handler)]) {
                try await fixture.waitUntil("one is handled, one dead again") {
                    try await letters.list(of: "test").map(\.reason) == ["not_found"]
                }
            }
            #expect(try await fixture.effects() == [published[0]])
            #expect(try await letters.list(of: "test").first?.tries == 4)
            #expect(try await !letters.retryNext(with: fixture.handler()))
        }
    }

    @Test func `events that are sent again are handled by those alone who had not handled them`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(3)
            while try await fixture.relay().pass() != .moved(0) {}
            try await running([fixture.consumer(fixture.handler())]) {
                try await fixture.waitUntil("all are handled") { try await fixture.effects() == published }
                try await fixture.database.run("delete from handled where event_id = \(published[1])")
                // What `praxis events replay` does.
                try await fixture.database.run("update outbox set stream_ms = null, stream_seq = null")
                #expect(try await fixture.relay().pass() == .moved(3))
                let again = published + [published[1]]
                try await fixture.waitUntil("one is handled again") { try await fixture.effects() == again }
            }
            #expect(try await fixture.entries() == 6)
        }
    }

    @Test func `an entry that is no event becomes a dead letter and is acknowledged`() async throws {
        try await MessagingFixture.with { fixture in
            let stream = fixture.channels.stream(of: "identity")
            try await fixture.redis.append(["event": "{\"id\":"], to: stream)
            try await fixture.redis.append(["else": "x"], to: stream)
            let published = try await fixture.publish(1)
            _ = try await fixture.relay().pass()
            try await running([fixture.consumer(fixture.handler())]) {
                try await fixture.waitUntil("the event behind is handled") { try await fixture.effects() == published }
            }
            let letters = try await DeadLetters(database: fixture.database).list(of: "test")
            #expect(letters.map(\.reason) == ["unreadable", "unreadable"])
            #expect(try await fixture.redis.groups(of: stream).first?.pending == 0)
        }
    }

    @Test func `a database that is away costs no try`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(1)
            _ = try await fixture.relay().pass()
            let tries = Locked(0)
            let handler = fixture.handler { _ in
                let count = tries.withLock { tries in
                    tries += 1
                    return tries
                }
                if count < 8 { throw DatabaseUnavailable(.unreachable) }
            }
            try await running([fixture.consumer(handler, tries: 2)]) {
                try await fixture.waitUntil("it is handled") { try await fixture.effects() == published }
            }
            #expect(try await DeadLetters(database: fixture.database).list(of: "test").isEmpty)
        }
    }

    @Test func `a group that is gone is made again from the start`() async throws {
        try await MessagingFixture.with { fixture in
            let stream = fixture.channels.stream(of: "identity")
            try await running([fixture.relay(), fixture.consumer(fixture.handler())]) {
                let first = try await fixture.publish(2)
                try await fixture.waitUntil("they are handled") { try await fixture.effects().count == 2 }
                _ = try await fixture.redis.command("XGROUP", "DESTROY", RESPArgument(stream), "test")
                let later = try await fixture.publish(2)
                try await fixture.waitUntil("the later are handled") { try await fixture.effects().count == 4 }
                #expect(try await fixture.effects() == first + later)
            }
        }
    }

    @Test func `what a dead peer was given and did not finish is handled first`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(3)
            _ = try await fixture.relay().pass()
            let stream = fixture.channels.stream(of: "identity")
            try await fixture.redis.createGroup("test", of: stream)
            let peer = StreamReader(fixture.redis.settings, on: fixture.group.loops[0])
            let given = try await peer.read(
                stream, group: "test", consumer: "peer", count: 2, timeout: .milliseconds(50))
            peer.close()
            #expect(given.count == 2)
            try await running([fixture.consumer(fixture.handler())]) {
                try await fixture.waitUntil("all are handled") { try await fixture.effects().count == 3 }
            }
            #expect(try await fixture.effects() == published)
            #expect(try await fixture.redis.groups(of: stream).first?.pending == 0)
        }
    }

    @Test func `what another was given and left goes before what is new, at once`() async throws {
        try await MessagingFixture.with { fixture in
            let stream = fixture.channels.stream(of: "identity")
            let isIn = Latch(), gate = Latch()
            let first = try await fixture.publish(1)
            _ = try await fixture.relay().pass()
            let handler = fixture.handler { envelope in
                guard envelope.id == first[0] else { return }
                isIn.fire()
                await gate.wait()
            }
            try await running([fixture.consumer(handler)]) {
                await isIn.wait()
                let left = try await fixture.publish(2)
                _ = try await fixture.relay().pass()
                // One that led before, and was given these just before it was killed.
                let peer = StreamReader(fixture.redis.settings, on: fixture.group.loops[0])
                let given = try await peer.read(
                    stream, group: "test", consumer: "peer", count: 2, timeout: .milliseconds(50))
                peer.close()
                #expect(given.count == 2)
                let later = try await fixture.publish(1)
                _ = try await fixture.relay().pass()
                gate.fire()
                try await fixture.waitUntil("all are handled") { try await fixture.effects().count == 4 }
                #expect(try await fixture.effects() == first + left + later)
            }
        }
    }

    @Test func `what was handled long ago is passed over by the batch, and nothing new with it`() async throws {
        try await MessagingFixture.with { fixture in
            let published = try await fixture.publish(60)
            _ = try await fixture.relay().pass()
            for (index, id) in published.enumerated() where index < 30 || index % 2 == 0 {
                try await fixture.database.run(
                    "insert into handled (consumer, event_id) values ('test', \(id))")
            }
            try await running([fixture.consumer(fixture.handler())]) {
                try await fixture.waitUntil("the group is done with all") {
                    let group = try await fixture.redis.groups(of: fixture.channels.stream(of: "identity")).first
                    return group?.lag == 0 && group?.pending == 0
                }
            }
            let new = published.enumerated().filter { $0.offset >= 30 && $0.offset % 2 == 1 }.map(\.element)
            #expect(try await fixture.effects() == new)
        }
    }

    @Test func `of two replicas one reads, and the other goes on where it stops`() async throws {
        try await MessagingFixture.with { fixture in
            var published: [ID<EventRecord>] = []
            try await running([fixture.relay(), fixture.consumer(fixture.handler())]) {
                try await running([fixture.consumer(fixture.handler())]) {
                    published += try await fixture.publish(20)
                    try await fixture.waitUntil("they are handled") { try await fixture.effects().count == 20 }
                }
                published += try await fixture.publish(20)
                try await fixture.waitUntil("the others are handled") { try await fixture.effects().count == 40 }
            }
            #expect(try await fixture.effects() == published)
        }
    }
}
