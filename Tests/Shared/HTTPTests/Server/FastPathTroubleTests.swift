import HTTP
import Lifecycle
import Net
import Testing

/// What goes wrong while a request is carried, and that nobody is ever given another's answer for it.
@Suite struct FastPathTroubleTests {
    private static func text(_ answer: FastPathWorld.Answer) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test func `a kept connection that is dead is noticed, and the request sent once more`() async throws {
        let asked = Locked(0)
        try await FastPathWorld.with({ target, stream in
            let count = asked.withLock { count in
                count += 1
                return count
            }
            guard count != 2 else { return false }
            await stream.answer(target)
            return true
        }) { world in
            _ = try await world.ask("/warm")
            let answer = try await world.ask("/again")
            #expect(answer.status == 200 && Self.text(answer) == "/again" && answer.path == "task")
            #expect(world.log.targets.withLock { $0 } == ["/warm", "/again", "/again"])
        }
    }

    @Test(arguments: ["HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "nonsense\r\n\r\n"])
    func `an answer that breaks off, or is none, is 502 and nothing of it is told`(_ part: String) async throws {
        try await FastPathWorld.with({ target, stream in
            guard target == "/broken" else {
                await stream.answer(target)
                return true
            }
            await stream.say(part)
            return false
        }) { world in
            for _ in 0..<3 {
                _ = try await world.ask("/warm")
                let answer = try await world.ask("/broken")
                #expect(answer.status == 502 && answer.body.isEmpty)
                let next = try await world.ask("/next")
                #expect(next.status == 200 && Self.text(next) == "/next")
            }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\nforged",
        "HTTP/1.1 204 No Content\r\n\r\nforged",
    ])
    func `bytes behind an answer end its connection: nobody is given them`(_ answer: String) async throws {
        try await FastPathWorld.with({ target, stream in
            if target == "/more" { await stream.say(answer) } else { await stream.answer(target) }
            return true
        }) { world in
            for round in 1...3 {
                _ = try await world.ask("/warm")
                #expect(try await world.ask("/more").path == "fast")
                #expect(Self.text(try await world.ask("/mine")) == "/mine")
                #expect(world.log.opened.withLock { $0 } == round + 1)
            }
        }
    }

    @Test func `what an idle connection says unasked ends it`() async throws {
        try await FastPathWorld.with({ target, stream in
            await stream.answer(target)
            if target == "/warm" { await stream.say("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", cut: 1) }
            return true
        }) { world in
            _ = try await world.ask("/warm")
            try await world.group.loops[0].sleep(.milliseconds(20))
            #expect(Self.text(try await world.ask("/mine")) == "/mine")
            #expect(world.log.opened.withLock { $0 } == 2)
        }
    }

    @Test func `an answer that does not come in time is 504, and comes to nobody when it comes`() async throws {
        try await FastPathWorld.with(
            timeout: .milliseconds(100),
            { target, stream in
                if target == "/slow" { try? await stream.loop.sleep(.milliseconds(300)) }
                await stream.answer(target)
                return true
            }
        ) { world in
            _ = try await world.ask("/warm")
            #expect(try await world.ask("/slow").status == 504)
            for number in 0..<40 {
                #expect(Self.text(try await world.ask("/\(number)")) == "/\(number)")
                try await world.group.loops[0].sleep(.milliseconds(10))
            }
        }
    }

    @Test(arguments: [true, false])
    func `a client that leaves takes its exchange with it`(_ hasHalfAnswer: Bool) async throws {
        try await FastPathWorld.with({ target, stream in
            guard target == "/left" else {
                await stream.answer(target)
                return true
            }
            if hasHalfAnswer { await stream.say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") }
            _ = await stream.fill()
            return false
        }) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            await stream.say(FastPathWorld.get("/left"))
            while !world.log.targets.withLock({ $0.contains("/left") }) {
                try await stream.loop.sleep(.milliseconds(1))
            }
            try await stream.loop.sleep(.milliseconds(10))
            stream.close()
            let left = MonotonicTime.now
            while world.log.closed.withLock({ $0 }) < 1 { try await world.group.loops[0].sleep(.milliseconds(1)) }
            #expect(left.duration(to: .now) < .seconds(5))
            #expect(Self.text(try await world.ask("/mine")) == "/mine")
        }
    }

    @Test func `a client that only ends its sending half is still answered`() async throws {
        try await FastPathWorld.with({ target, stream in
            if target == "/half" { try? await stream.loop.sleep(.milliseconds(50)) }
            await stream.answer(target)
            return true
        }) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            await stream.say(FastPathWorld.get("/half"))
            try await stream.loop.sleep(.milliseconds(10))
            stream.finish()
            #expect(try await RawConversation.rest(stream).hasSuffix("\r\n\r\n/half"))
            stream.close()
        }
    }

    @Test func `a server that stops answers what it carries, and says that it was the last`() async throws {
        let gate = Latch()
        try await FastPathWorld.with({ target, stream in
            if target == "/last" { await gate.wait() }
            await stream.answer(target)
            return true
        }) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            await stream.say(FastPathWorld.get("/last"))
            while !world.log.targets.withLock({ $0.contains("/last") }) {
                try await stream.loop.sleep(.milliseconds(1))
            }
            stream.loop.spawn("stop") { await world.server.stop() }
            try await stream.loop.sleep(.milliseconds(20))
            gate.fire()
            let answer = try await RawConversation.rest(stream)
            #expect(answer.hasSuffix("\r\n\r\n/last") && answer.contains("Connection: close"))
            #expect(answer.contains("X-Path: fast"))
            stream.close()
        }
    }

    @Test func `a client that takes nothing is not read from, and gets all in the end`() async throws {
        let body = String(repeating: "0123456789abcdef", count: 3_750)
        try await FastPathWorld.with({ target, stream in
            await stream.answer(target + body)
            return true
        }) { world in
            _ = try await world.ask("/warm")
            let stream = try await world.connect()
            stream.pauseReading()
            await stream.say((0..<200).map { FastPathWorld.get("/\($0)", closes: $0 == 199) }.joined())
            try await stream.loop.sleep(.milliseconds(100))
            #expect(world.log.targets.withLock { $0.count } < 200)
            let bodies = try await RawConversation.bodies(stream)
            stream.close()
            #expect(bodies.count == 200)
            for (number, said) in bodies.enumerated() {
                let isWhole = said == "/\(number)\(body)"
                #expect(isWhole, "\(number)")
            }
        }
    }

    /// Every request has a number; the upstream answers it with what only that number gives, in every path there is,
    /// late, cut and broken off; clients leave when they like. Nobody may ever read a byte of another's.
    @Test func `among many clients and all troubles at once no two ever see each other's answers`() async throws {
        let right = Locked(0), carried = Locked(0)
        try await FastPathWorld.with(timeout: .milliseconds(400), Self.troubles) { world in
            try await withThrowingTaskGroup(of: Void.self) { clients in
                for client in 0..<40 {
                    clients.addTask {
                        for round in 0..<25 {
                            let number = client * 1000 + round
                            if number % 11 == 3 {
                                try await Self.leave(world, number)
                                continue
                            }
                            guard let answer = try? await world.ask(Self.target(number)) else { continue }
                            guard answer.status == 200 else {
                                #expect(answer.status >= 502 && answer.body.isEmpty, "\(number)")
                                continue
                            }
                            #expect(Self.text(answer) == Self.body(number), "\(number)")
                            right.withLock { $0 += 1 }
                            if answer.path == "fast" { carried.withLock { $0 += 1 } }
                        }
                    }
                }
                try await clients.waitForAll()
            }
        }
        // On a busy machine many are too late: what matters is that there were enough to be mixed up.
        #expect(right.withLock { $0 } > 200)
        #expect(carried.withLock { $0 } > 50)
    }

    /// Of every fifth something has to be heard first.
    private static func target(_ number: Int) -> String { number % 5 == 2 ? "/asked/\(number)" : "/\(number)" }

    /// Some are long, some as long, with a head, as what a stream reads before it pauses, give or take a byte.
    private static func body(_ number: Int) -> String {
        if number % 23 == 7 {
            let length = FastPathWorld.body(ofTotal: 65_535 + number % 3).utf8.count
            return String(String(repeating: "<\(number)>", count: length / 3).prefix(length))
        }
        return String(repeating: "<\(number)>", count: 1 + number % 97 + (number % 13 == 0 ? 15_000 : 0))
    }

    private static func leave(_ world: FastPathWorld, _ number: Int) async throws {
        let stream = try await world.connect()
        await stream.say(FastPathWorld.get(target(number)))
        try await stream.loop.sleep(.microseconds(100 * (number % 40)))
        stream.close()
    }

    private static let troubles: FastPathWorld.Script = { target, stream in
        let number = target.split(separator: "/").last.flatMap { Int($0) } ?? 0
        let body = body(number)
        let cut = number * 31 % 200
        if number % 3 == 0 { try? await stream.loop.sleep(.microseconds(number % 5_000)) }
        switch number % 17 {
        case 0:
            let size = String(body.utf8.count, radix: 16)
            await stream.say(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n0\r\n\r\n", cut: cut)
        case 1: return false
        case 2:
            await stream.say("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count + 1)\r\n\r\n\(body)", cut: cut)
            return false
        case 4:
            // In one piece: what is said later, in the time of the next request, nobody could tell from its answer.
            let forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
            await stream.say("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)\(forged)")
        case 5:
            try? await stream.loop.sleep(.milliseconds(600))
            await stream.answer(body)
        case 6:
            await stream.say("HTTP/1.1 200 OK\r\n\r\n\(body)", cut: cut)
            return false
        default: await stream.answer(body, cut: cut)
        }
        return stream.isOpen
    }
}
