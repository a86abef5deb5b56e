import API
package import GatewayDomain
package import HTTP
import Kernel
import Lifecycle
import Net
import Observability
import Redis
import Web

/// The short way through the front door (docs/adr/0025): a plain read by a known caller is counted, goes to its owner and comes
/// back, each within the turn. It asks the door's own rules, and leaves to the door whatever needs a wait, a refusal or words.
package final class Passage: ShortWay, RateListener, @unchecked Sendable {
    private let door: FrontDoor
    private let client: NetworkAddress
    private let address: String
    private let isProxied: Bool
    private let isSecure: Bool
    private let loop: EventLoop
    private let tokens: KnownTokens?
    private let seat: RedisSeat?
    private let patience: Int64
    private let deadline: [UInt8]

    package var onHeard: (() -> Void)?

    // What is known of the request under way; the door reads it when it has to finish.
    private(set) var requestID = ""
    private(set) var trace = TraceContext.make()
    private(set) var now = Instant(microseconds: 0)
    private(set) var caller: Caller?
    private(set) var counted: (rateClass: RateClass, verdict: RateVerdict)?
    private(set) var place: Place?
    private var rateClass = RateClass.unlimited
    private var isAsking = false
    /// The task that has to finish it, while it waits for the verdict.
    private var finisher: CheckedContinuation<Void, Never>?
    private var taken: Fleet.Taking?
    private var began: Int64 = 0

    // What a client says again with every request, and the words made of it.
    private var host = Repeated()
    private var agent = Repeated()
    private var named: Caller??
    private let words = Principal.Words()
    private var token: KnownTokens.Entry?
    private var headers = Headers(reserving: 2_048)

    package init(_ door: FrontDoor, _ place: ShortWayPlace) {
        let client = place.remote.flatMap { NetworkAddress($0) } ?? Visit.loopback
        (self.door, self.client, address) = (door, client, client.description)
        isProxied = door.settings.clients.isTrusted(client)
        (isSecure, loop) = (place.isSecure, place.loop)
        tokens = door.identification.tokens
        seat = door.counters.seat
        patience = min(door.forward.patience, place.requestTime)
        deadline = Forward.deadline(patience)
    }

    package func begin(_ head: RequestHead, in bytes: Span<UInt8>) -> ShortBeginning {
        guard let place = place(head, in: bytes), let way = place.way else { return .declined }
        now = door.clock.now
        guard let finding = door.identification.known(head.fields, in: bytes, at: now, by: tokens, &token),
            place.admits(finding)
        else {
            return .declined
        }
        (self.place, caller, counted, began) = (place, finding.caller, nil, loop.now.nanoseconds)
        let (rateClass, key) = FrontDoor.account(place.declaration.rate, caller, isRefused: false, client)
        requestID = Visit.requestID(head.value("x-request-id", in: bytes)?.text(in: bytes))
        trace = .incoming(head.value("traceparent", in: bytes)?.text(in: bytes))
        self.rateClass = rateClass
        switch door.counters.count(rateClass, of: key, at: now, over: seat, self) {
        case .asked:
            isAsking = true
            return .asked
        case .alone(let verdict): counted = (rateClass, verdict)
        case .unlimited: break
        case .unconnected: return .declined
        }
        return go(head, in: bytes, place, way)
    }

    /// What Redis said of the request.
    package func hear(_ verdict: RateVerdict) {
        isAsking = false
        counted = (rateClass, verdict)
        if let finisher = finisher.take() { finisher.resume() } else { onHeard?() }
    }

    package func proceed(_ head: RequestHead, in bytes: Span<UInt8>) -> ShortBeginning {
        guard let place, let way = place.way else { return .begun }
        return go(head, in: bytes, place, way)
    }

    /// What stands at the request's path, when all that is asked for is that.
    private func place(_ head: RequestHead, in bytes: Span<UInt8>) -> Place? {
        // What a proxy says of its client, and what a page of another origin may read, takes more looking at.
        guard !isProxied, head.value("origin", in: bytes) == nil, let path = head.plainPath(in: bytes),
            door.settings.hosts.allows(bytes.extracting(head.host.range)),
            let entry = door.tree.entry(head.method, bytes.extracting(path))
        else { return nil }
        return door.places[entry]
    }

    /// The request is counted: from here on it is either sent or finished by the door.
    private func go(_ head: RequestHead, in bytes: Span<UInt8>, _ place: Place, _ way: Forward.Way) -> ShortBeginning {
        if let (_, verdict) = counted, !verdict.isAllowed { return .begun }
        taken = way.fleet.take(at: now)
        guard case .lease(let lease)? = taken, write(head, in: bytes, way.desk),
            let sent = lease.upstream.sendAtOnce(head, in: bytes, headers, on: loop, until: began &+ patience)
        else { return .begun }
        return .sent(sent)
    }

    /// The fields the owner is given.
    private func write(_ head: RequestHead, in bytes: Span<UInt8>, _ desk: PrincipalSigner.Desk) -> Bool {
        headers.removeAll()
        headers.forward(
            head.fields, in: bytes, dropping: Forward.requestFieldsDropped, and: "host",
            droppingPrefix: InternalField.prefix)
        find(words: head, in: bytes)
        guard
            desk.sign(
                words, requestID, at: now, method: head.method.rawValue, target: bytes.extracting(head.target.range),
                into: &headers)
        else { return false }
        Forward.add(deadline, trace, to: &headers)
        return true
    }

    /// Makes the principal's words again where the client says something else than before.
    private func find(words head: RequestHead, in bytes: Span<UInt8>) {
        if named != .some(caller) {
            words.set(caller: caller)
            named = .some(caller)
        }
        let said = head.value("user-agent", in: bytes) ?? .empty
        let (isNewHost, isNewAgent) = (host.isNew(head.host, in: bytes), agent.isNew(said, in: bytes))
        guard isNewHost || isNewAgent else { return }
        words.set(
            clientAddress: address, origin: (isSecure ? "https://" : "http://") + (head.host.text(in: bytes) ?? ""),
            userAgent: said.text(in: bytes) ?? "")
    }

    package func answer(_ head: ResponseHead, in bytes: Span<UInt8>, headers: inout Headers) {
        headers.forward(
            head.fields, in: bytes, dropping: Forward.answerFieldsDropped, and: "date",
            droppingPrefix: InternalField.prefix)
        let hasPolicy = head.value("content-security-policy", in: bytes) != nil
        let owner = AnswerFields.Says(
            policy: hasPolicy, caching: head.value("cache-control", in: bytes) != nil,
            referrer: hasPolicy && head.value("referrer-policy", in: bytes) != nil)
        door.fields.add(to: &headers, beside: owner, requestID: requestID)
        door.fields.add(to: &headers, isSecure: isSecure, counted: counted)
        guard let place else { return }
        if case .lease(let lease) = taken.take() { place.way?.fleet.succeeded(lease, at: now) }
        place.meter.observe(head.status, nanoseconds: loop.now.nanoseconds &- began)
    }

    package func finish(_ request: Request, sent: ClientConnection?) async -> Response {
        if isAsking { await withCheckedContinuation { finisher = $0 } }
        return await door.finish(request, self, taken.take(), sent)
    }
}

/// A value that a client says again with every request, mostly the same.
private struct Repeated {
    private var known: [UInt8]?

    /// Whether it is another than the last time.
    mutating func isNew(_ value: Slice, in bytes: Span<UInt8>) -> Bool {
        let range = value.range
        if let known, known.count == range.count {
            var offset = 0
            while offset < known.count, known[offset] == bytes[range.lowerBound &+ offset] { offset &+= 1 }
            if offset == known.count { return false }
        }
        known = range.map { bytes[$0] }
        return true
    }
}

extension Place {
    /// Whether nothing is to be refused to whom was found.
    fileprivate func admits(_ finding: Identification.Finding) -> Bool {
        isOpen || FrontDoor.refusal(finding, declaration) == nil
    }
}
