import Lifecycle
import Net
import Redis
import Testing

/// What becomes of a connection to Redis that does not last.
struct RedisConnectionTests {
    @Test func `a server that greets and leaves in one breath is connected to again`() async throws {
        let group = EventLoopGroup(count: 1)
        let (seen, connections) = try await group.run {
            let server = try RESPStandIn(group) { words, connection, stream in
                stream.say(words == ["PING"] ? "+PONG\r\n" : "$\(words[1].utf8.count)\r\n\(words[1])\r\n")
                // The end is on its way before the greeting was read: one loop serves both.
                return connection > 2
            }
            let redis = RedisClient(server.settings(timeout: .seconds(2)), group: group)
            var faults = 0
            var answers: [String?] = []
            let deadline = Deadline.after(.seconds(10))
            while answers.count < 3, !deadline.isPast() {
                do throws(RedisError) {
                    answers.append(try await redis.command("ECHO", "\(answers.count)").text)
                } catch {
                    #expect(error == .unreachable || error == .lost)
                    faults += 1
                    try await group.loops[0].sleep(.milliseconds(10))
                }
            }
            #expect(faults > 0)
            redis.close()
            await server.listener.close()
            return (answers, server.connections.withLock { $0 })
        }
        group.shutDown()
        #expect(seen == ["0", "1", "2"])
        #expect(connections == 3)
    }

    @Test func `what waits when the connection breaks is told so at once`() async throws {
        let group = EventLoopGroup(count: 1)
        try await group.run {
            let server = try RESPStandIn(group) { words, _, stream in
                if words != ["PING"] { return false }
                stream.say("+PONG\r\n")
                return true
            }
            let redis = RedisClient(server.settings(timeout: .seconds(60)), group: group)
            try await redis.ping()
            let begin = MonotonicTime.now
            let errors = await withTaskGroup(of: RedisError?.self) { tasks in
                for number in 0..<3 {
                    tasks.addTask {
                        do throws(RedisError) {
                            _ = try await redis.command("ECHO", "\(number)")
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(errors == [.lost, .lost, .lost])
            #expect(begin.duration(to: .now) < .seconds(20))
            redis.close()
            await server.listener.close()
        }
        group.shutDown()
    }
}
