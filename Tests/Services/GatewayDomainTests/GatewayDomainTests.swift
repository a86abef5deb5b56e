import GatewayDomain
import Kernel
import Testing

private func at(_ seconds: Double) -> Instant {
    Instant(microseconds: 1_700_000_000_000_000 + Int64(seconds * 1_000_000))
}

@Suite struct Addresses {
    @Test func `forwarded addresses count only through trusted proxies, from the right`() throws {
        let peer = try #require(NetworkAddress("10.0.0.9"))
        let policy = ClientAddress(trusted: [try #require(NetworkBlock("10.0.0.0/8"))])
        #expect(policy.resolve(peer: peer, forwardedFor: ["6.6.6.6, 1.2.3.4, 10.0.0.2"]).description == "1.2.3.4")
        #expect(policy.resolve(peer: peer, forwardedFor: ["6.6.6.6", "1.2.3.4"]).description == "1.2.3.4")
        #expect(policy.resolve(peer: peer, forwardedFor: ["1.2.3.4, nonsense"]).description == "10.0.0.9")
        let outside = try #require(NetworkAddress("8.8.8.8"))
        #expect(policy.resolve(peer: outside, forwardedFor: ["1.2.3.4"]) == outside)
        #expect(ClientAddress(trusted: []).resolve(peer: peer, forwardedFor: ["1.2.3.4"]) == peer)
    }

    @Test(arguments: [
        (["203.0.113.7:41234"], "203.0.113.7"), (["[2001:db8::7]:443"], "2001:db8:0:0:0:0:0:7"),
        (["[2001:db8::7]"], "2001:db8:0:0:0:0:0:7"), (["2001:db8::7"], "2001:db8:0:0:0:0:0:7"),
        (["203.0.113.7, unknown, , 10.0.0.2"], "203.0.113.7"), (["203.0.113.7:http"], "10.0.0.9"),
        (["203.0.113.7:+80"], "10.0.0.9"), (["[203.0.113.7]:80"], "10.0.0.9"), (["[2001:db8::7"], "10.0.0.9"),
        (["", " "], "10.0.0.9"),
    ])
    func `a hop may be written with its port, and blanks are no hops`(_ values: [String], _ client: String) throws {
        let policy = ClientAddress(trusted: [try #require(NetworkBlock("10.0.0.0/8"))])
        let peer = try #require(NetworkAddress("10.0.0.9"))
        #expect(policy.resolve(peer: peer, forwardedFor: values).description == client)
    }

    @Test(arguments: [
        (["for=203.0.113.7;proto=https;by=10.0.0.9"], "203.0.113.7"),
        (["for=6.6.6.6, For=\"203.0.113.7:41234\""], "203.0.113.7"),
        (["for=\"[2001:db8::7]:443\"", "for=10.0.0.2"], "2001:db8:0:0:0:0:0:7"),
        (["for=203.0.113.7, for=unknown, for=_hidden, by=10.0.0.3"], "203.0.113.7"), (["for=nonsense"], "10.0.0.9"),
    ])
    func `Forwarded is read where there is no X-Forwarded-For`(_ values: [String], _ client: String) throws {
        let policy = ClientAddress(trusted: [try #require(NetworkBlock("10.0.0.0/8"))])
        let peer = try #require(NetworkAddress("10.0.0.9"))
        #expect(policy.resolve(peer: peer, forwardedFor: [], forwarded: values).description == client)
        #expect(policy.resolve(peer: peer, forwardedFor: ["8.8.8.8"], forwarded: values).description == "8.8.8.8")
    }

    @Test func `addresses of one IPv6 network share a limit`() throws {
        let one = try #require(NetworkAddress("2001:db8:1:2::1")),
            two = try #require(NetworkAddress("2001:db8:1:2:ffff::9"))
        #expect(RateKey(one) == RateKey(two))
        #expect(RateKey(one) != NetworkAddress("2001:db8:1:3::1").map { RateKey($0) })
    }
}

@Suite struct RateLimits {
    let limit = RateLimit(number: 5, window: .seconds(10))

    @Test func `the sixth of five is refused and told when to come back`() {
        var window = RateWindow()
        let verdicts = (0..<6).map { _ in window.count(limit, at: at(0)) }
        #expect(verdicts.map(\.isAllowed) == [true, true, true, true, true, false])
        #expect(verdicts.map(\.remaining) == [4, 3, 2, 1, 0, 0])
        #expect(verdicts.allSatisfy { $0.resetSeconds == 10 })
        #expect(window.count(limit, at: at(10)).isAllowed)
    }

    @Test func `nobody is told to wait longer than the window, and who waits as told is let in`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var window = RateWindow()
            var time = 0.0
            for _ in 0..<40 {
                time += Double.random(in: 0...1.5, using: &generator)
                var verdict = window.count(limit, at: at(time))
                #expect((1...10).contains(verdict.resetSeconds))
                guard !verdict.isAllowed else { continue }
                time += Double(verdict.resetSeconds)
                verdict = window.count(limit, at: at(time))
                #expect(verdict.isAllowed)
            }
        }
    }

    @Test func `no stretch of a window's length ever holds more than the limit`() {
        var generator = SystemRandomNumberGenerator()
        var window = RateWindow()
        var allowed: [Double] = []
        var time = 0.0
        for _ in 0..<3000 {
            time += Double.random(in: 0...0.4, using: &generator)
            if window.count(limit, at: at(time)).isAllowed { allowed.append(time) }
        }
        #expect(allowed.count > 100)
        for start in allowed { #expect(allowed.filter { $0 >= start && $0 < start + 10 }.count <= 5) }
    }

    @Test func `a window empties by time alone`() {
        var window = RateWindow()
        _ = window.count(limit, at: at(0))
        #expect(!window.isOver(limit, at: at(9.9)))
        #expect(window.isOver(limit, at: at(10)))
    }
}

@Suite struct Caches {
    @Test func `a bounded cache never outgrows its capacity and keeps what is used`() {
        var cache = BoundedCache<Int, Int>(capacity: 10)
        cache.insert(0, for: 0)
        for key in 1..<1000 {
            cache.insert(key, for: key)
            #expect(cache.value(0) == 0)
            #expect(cache.count <= 10)
        }
    }

    @Test func `a revoked session stays revoked until its last token is dead`() {
        var list = Revocations()
        let session = ID<Session>(high: 1, low: 1)
        list.revoke(session, until: at(900))
        list.revoke(session, until: at(100))
        list.prune(at: at(500))
        #expect(list.isRevoked(session))
        list.prune(at: at(901))
        #expect(!list.isRevoked(session))
    }
}

@Suite struct Origins {
    let policy = CrossOrigin(origins: ["http://localhost:3000", "https://app.example.com/"])

    @Test func `an allowed origin is named, another gets nothing`() {
        #expect(
            policy.fields(for: "http://localhost:3000").contains {
                $0 == ("Access-Control-Allow-Origin", "http://localhost:3000")
            })
        #expect(policy.fields(for: "https://app.example.com").count == 3)
        for other in ["http://localhost:3001", "null", "*", "https://app.example.com.evil.org", ""] {
            #expect(policy.fields(for: other).isEmpty)
            #expect(policy.preflight(for: other, methods: ["GET"], asked: nil).isEmpty)
        }
    }

    @Test(arguments: [
        ("localhost:8000", true), ("LOCALHOST", true), ("127.0.0.1:1", true), ("[::1]:8000", true),
        ("a.example.com", true),
        ("example.com", true), ("evil.com", false), ("localhost.evil.com", false), ("notexample.com", false),
        ("", false),
    ])
    func `only our own names are answered`(host: String, isAllowed: Bool) {
        #expect(HostPolicy(["localhost", "127.0.0.1", "[::1]", ".example.com"]).allows(host) == isAllowed)
    }
}
