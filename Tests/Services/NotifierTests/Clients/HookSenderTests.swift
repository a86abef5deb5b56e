import IDNA
import Kernel
import Net
import Notifier
import NotifierDomain
import Outbound
import TestSupport
import Testing

struct HookSenderTests {
    static let loopback = [NetworkAddress("127.0.0.1")].compactMap(\.self)
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    /// Posts once to a receiver that answers so, under a name that leads there.
    private func post(
        _ reply: HTTPSink.Reply, names: GivenNames = GivenNames(addresses: loopback), allowsPrivate: Bool = true,
        timeout: Duration = .seconds(5)
    ) async throws -> (outcome: HookOutcome, received: [HTTPSink.Received]) {
        let sink = HTTPSink([reply])
        let pool = BlockingPool(name: "receiver", threads: 1, queue: 1)
        async let served: Void = pool.run { sink.serve() }
        let sender = HTTPHookSender(names: names, allowsPrivate: allowsPrivate, timeout: timeout)
        let url = try HookURL(
            "http://receiver.example:\(sink.port)/events?a=b", allowsPrivate: true, ascii: DomainName.ascii)
        let outcome = await sender.post(
            HookRequest(
                url: url, fields: ["webhook-id: 1"], body: "{\"type\":\"ping\"}", owner: World.hospital.account))
        sink.stop()
        _ = try? await served
        return (outcome, sink.requests.filter { $0.lines != [""] })
    }

    @Test func `the event goes to the address that was looked up, under the name that was given`() async throws {
        let (outcome, received) = try await post(.text(Self.ok))
        #expect(outcome.isSuccess && outcome.status == 200)
        let request = try #require(received.first)
        #expect(request.lines.first == "POST /events?a=b HTTP/1.1")
        #expect(request["Host"]?.hasPrefix("receiver.example:") == true)
        #expect(request["webhook-id"] == "1" && request["Content-Type"] == "application/json")
        #expect(request.body == "{\"type\":\"ping\"}")
    }

    @Test func `no packet goes out where any address of the name is refused, or none is known`() async throws {
        let mixed = GivenNames(addresses: [NetworkAddress("8.8.8.8"), NetworkAddress("127.0.0.1")].compactMap(\.self))
        let (refused, received) = try await post(.text(Self.ok), names: mixed, allowsPrivate: false)
        #expect(refused.error == "address_refused" && received.isEmpty)
        let (unknown, nothing) = try await post(.text(Self.ok), names: GivenNames(addresses: []))
        #expect(unknown.error == "unresolvable" && nothing.isEmpty)
    }

    @Test func `a socket is opened to a checked address and to no other`() async throws {
        let sink = HTTPSink(Self.ok)
        let pool = BlockingPool(name: "receiver", threads: 2, queue: 2)
        async let served: Void = pool.run { sink.serve() }
        let elsewhere = OutboundPeer(host: "127.0.0.1", port: UInt16(sink.port), addresses: [(0, 0xFFFF_0808_0808)])
        let post = HTTPPost(
            url: "http://127.0.0.1:\(sink.port)/", fields: [], body: [], timeout: .seconds(3), peer: elsewhere)
        let result = try await pool.run { post.run() }
        sink.stop()
        _ = try? await served
        #expect(result == .failure(.unreachable) && sink.requests.allSatisfy { $0.lines == [""] || $0.lines.isEmpty })
    }

    @Test func `an IPv6 address is its own name`() async throws {
        let url = try HookURL("http://[::1]:9/", allowsPrivate: true, ascii: DomainName.ascii)
        let sender = HTTPHookSender(names: GivenNames(), allowsPrivate: true)
        let request = HookRequest(url: url, fields: [], body: "{}", owner: World.hospital.account)
        #expect(await sender.post(request).error == "unreachable")
    }

    @Test func `a redirect is a failure and is not followed`() async throws {
        let moved = "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
        let (outcome, received) = try await post(.text(moved))
        #expect(outcome.error == "redirect" && outcome.status == 302 && received.count == 1)
    }

    @Test func `the status line decides, however long the rest is or takes`() async throws {
        let huge = "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" + String(repeating: "x", count: 1_048_576)
        #expect(try await post(.text(huge)).outcome.isSuccess)
        let endless = "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n"
        #expect(try await post(.text(endless)).outcome.isSuccess)
        let slow = HTTPSink.Reply.slowly(
            "HTTP/1.1 500 No\r\nContent-Length: 900\r\n\r\n" + String(repeating: "x", count: 99))
        let (outcome, _) = try await post(slow, timeout: .seconds(4))
        #expect(outcome.status == 500 && outcome.error == "status")
    }

    @Test func `a receiver that says nothing in time has failed`() async throws {
        let (outcome, _) = try await post(.nothing, timeout: .milliseconds(300))
        #expect(outcome.error == "time_out" && outcome.status == nil && outcome.milliseconds >= 290)
    }

    @Test func `a busy receiver says when`() async throws {
        let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
        #expect(try await post(.text(busy)).outcome.retryAfter == .seconds(120))
    }
}
