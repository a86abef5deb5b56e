import HTTP
import Lifecycle
import Net

/// The plainest fast path: everything is carried that can be. Of a path that begins with `/asked` it has to hear first,
/// which takes some milliseconds; if it begins with `/asked/held`, until the log's verdict.
final class DirectFastPath: FastPath, @unchecked Sendable {
    private let upstream: Upstream
    private let client: HTTPClient
    private let loop: EventLoop
    private let timeout: Duration
    private let log: FastPathWorld.Log
    var onReply: (() -> Void)?
    private var isAsking = false
    private var finisher: CheckedContinuation<Void, Never>?

    init(
        _ upstream: Upstream, _ client: HTTPClient, _ loop: EventLoop, _ timeout: Duration, _ log: FastPathWorld.Log
    ) {
        self.upstream = upstream
        self.client = client
        self.loop = loop
        self.timeout = timeout
        self.log = log
    }

    func begin(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep {
        guard let path = head.plainPath(in: bytes) else { return .declined }
        let text = String(decoding: path.map { bytes[$0] }, as: UTF8.self)
        guard text.hasPrefix("/asked") else { return proceed(head, in: bytes) }
        isAsking = true
        log.asked.withLock { $0 += 1 }
        if text.hasPrefix("/asked/held") {
            loop.spawn("verdict") { [self] in
                await log.verdict.wait()
                heard()
            }
        } else {
            loop.after(.milliseconds(5)) { [self] in heard() }
        }
        return .waiting
    }

    private func heard() {
        isAsking = false
        if let finisher = finisher.take() { finisher.resume() } else { onReply?() }
    }

    func proceed(_ head: RequestHead, in bytes: Span<UInt8>) -> FastPathStep {
        guard let body = head.wholeBody(in: bytes) else { return .begun }
        let end = loop.now.advanced(by: timeout).nanoseconds
        let begun = upstream.sendAtOnce(head, body: body, in: bytes, on: loop, until: end) { headers in
            headers.forward(head.fields, in: bytes, without: .ofRequests)
            return true
        }
        return begun.map { .sent($0) } ?? .begun
    }

    func answer(_ head: ResponseHead, in bytes: Span<UInt8>, headers: inout Headers) {
        headers.forward(head.fields, in: bytes, without: .ofAnswers)
        headers.add("X-Path", "fast")
    }

    func finish(_ request: Request, sent: ClientConnection?) async -> Response {
        if isAsking { await withCheckedContinuation { finisher = $0 } }
        return await Self.ask(request, upstream, client, timeout, sent)
    }

    static func ask(
        _ request: Request, _ upstream: Upstream, _ client: HTTPClient, _ timeout: Duration,
        _ begun: ClientConnection? = nil
    ) async -> Response {
        let beginning = (try? await request.body.beginning(upTo: 65_536)) ?? []
        do throws(ClientFault) {
            let incoming = try await client.send(
                OutgoingRequest(forwarding: request, beginning: beginning), to: upstream,
                deadline: .after(timeout, from: request.arrived), begun: begun)
            var response = Response(forwarding: incoming)
            response.headers.add("X-Path", "task")
            return response
        } catch {
            return Response(error == .timedOut ? .gatewayTimeout : .badGateway)
        }
    }
}
