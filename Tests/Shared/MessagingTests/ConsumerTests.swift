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
    @Test func `a poison event is buried after its tries and the next is handled`() async throws {
        try await Post.with { post in
            let told = try await post.tell(3)
            _ = try await post.relay().pass()
            let tries = Locked(0)
            let handling = post.handling { envelope in
                guard envelope.id == told[1] else { return }
                tries.withLock { $0 += 1 }
                throw Refusal()
            }
            try await running([post.consumer(handling, tries: 3)]) {
                try await post.until("the third is handled") { try await post.effects().count == 2 }
            }
            #expect(try await post.effects() == [told[0], told[2]])
            #expect(tries.withLock { $0 } == 3)
            let letters = try await DeadLetters(database: post.database).list(of: "test")
            #expect(letters.map(\.event) == [told[1]])
            #expect(letters.first?.reason == "Refusal")
            #expect(letters.first?.tries == 3)
        }
    }

    @Test func `a dead letter is replayed once`() async throws {
        try await Post.with { post in
            let told = try await post.tell(1)
            _ = try await post.relay().pass()
            let letters = DeadLetters(database: post.database)
            try await running([post.consumer(post.handling { _ in throw Refusal() })]) {
                try await post.until("it is buried") { try await letters.list(of: "test").count == 1 }
            }
            await #expect(throws: Refusal.self) {
                try await letters.replay(told[0], by: post.handling { _ in throw Refusal() })
            }
            #expect(try await letters.list(of: "test").count == 1)
            #expect(try await letters.replay(told[0], by: post.handling()))
            #expect(try await !letters.replay(told[0], by: post.handling()))
            #expect(try await post.effects() == told)
        }
    }

    @Test func `what is no event is kept aside and acknowledged`() async throws {
        try await Post.with { post in
            let stream = post.channels.stream(of: "identity")
            try await post.redis.append(["event": "{\"id\":"], to: stream)
            try await post.redis.append(["else": "x"], to: stream)
            let told = try await post.tell(1)
            _ = try await post.relay().pass()
            try await running([post.consumer(post.handling())]) {
                try await post.until("the event behind is handled") { try await post.effects() == told }
            }
            let letters = try await DeadLetters(database: post.database).list(of: "test")
            #expect(letters.map(\.reason) == ["unreadable", "unreadable"])
            #expect(try await post.redis.groups(of: stream).first?.pending == 0)
        }
    }

    @Test func `a database that is away costs no try`() async throws {
        try await Post.with { post in
            let told = try await post.tell(1)
            _ = try await post.relay().pass()
            let tries = Locked(0)
            let handling = post.handling { _ in
                let count = tries.withLock { tries in
                    tries += 1
                    return tries
                }
                if count < 8 { throw DatabaseUnavailable(.unreachable) }
            }
            try await running([post.consumer(handling, tries: 2)]) {
                try await post.until("it is handled") { try await post.effects() == told }
            }
            #expect(try await DeadLetters(database: post.database).list(of: "test").isEmpty)
        }
    }

    @Test func `a group that is gone is made again from the start`() async throws {
        try await Post.with { post in
            let stream = post.channels.stream(of: "identity")
            try await running([post.relay(), post.consumer(post.handling())]) {
                let first = try await post.tell(2)
                try await post.until("they are handled") { try await post.effects().count == 2 }
                _ = try await post.redis.command("XGROUP", "DESTROY", RESPArgument(stream), "test")
                let later = try await post.tell(2)
                try await post.until("the later are handled") { try await post.effects().count == 4 }
                #expect(try await post.effects() == first + later)
            }
        }
    }

    @Test func `what a dead peer was given and did not finish is handled first`() async throws {
        try await Post.with { post in
            let told = try await post.tell(3)
            _ = try await post.relay().pass()
            let stream = post.channels.stream(of: "identity")
            try await post.redis.createGroup("test", of: stream)
            let peer = StreamReader(post.redis.settings, on: post.group.loops[0])
            let given = try await peer.read(
                stream, group: "test", consumer: "peer", count: 2, timeout: .milliseconds(50))
            peer.close()
            #expect(given.count == 2)
            try await running([post.consumer(post.handling())]) {
                try await post.until("all are handled") { try await post.effects().count == 3 }
            }
            #expect(try await post.effects() == told)
            #expect(try await post.redis.groups(of: stream).first?.pending == 0)
        }
    }

    @Test func `of two replicas one reads, and the other goes on where it stops`() async throws {
        try await Post.with { post in
            var told: [ID<EventRecord>] = []
            try await running([post.relay(), post.consumer(post.handling())]) {
                try await running([post.consumer(post.handling())]) {
                    told += try await post.tell(20)
                    try await post.until("they are handled") { try await post.effects().count == 20 }
                }
                told += try await post.tell(20)
                try await post.until("the others are handled") { try await post.effects().count == 40 }
            }
            #expect(try await post.effects() == told)
        }
    }
}
