import API
import GatewayDomain
package import HTTP
import Kernel
import Lifecycle
import Net
import Observability
import Web

/// The short way through the front door (docs/adr/0025): a plain read by a known caller goes to its owner and comes back within
/// the turn. It asks the door's own rules, and leaves to the door whatever needs a wait, a refusal or words.
package final class Passage: ShortWay, @unchecked Sendable {
    private let door: FrontDoor
    private let client: NetworkAddress
    private let address: String
    private let isProxied: Bool
    private let isSecure: Bool
    private let loop: EventLoop
    private let patience: Int64

    // What is known of the request under way; the door reads it when it has to finish.
    private(set) var requestID = ""
    private(set) var trace = TraceContext.make()
    private(set) var now = Instant(microseconds: 0)
    private(set) var caller: Caller?
    private(set) var counted: (rule: RateRule, verdict: RateVerdict)?
    private(set) var meter: RouteMeter?
    private(set) var errand: (way: Forward.Way, taken: Fleet.Taking)?
    private(set) var connection: ClientConnection?
    private var began: Int64 = 0

    // What a client says again with every request.
    private var host = Said()
    private var agent = Said()
    private var headers = Headers(reserving: 2_048)

    package init(_ door: FrontDoor, _ place: ShortWayPlace) {
        let client = place.remote.flatMap { NetworkAddress($0) } ?? Visit.loopback
        (self.door, self.client, address) = (door, client, client.description)
        isProxied = door.settings.clients.isTrusted(client)
        (isSecure, loop) = (place.isSecure, place.loop)
        patience = min(door.forward.patience, place.requestTime)
        host.prefix = isSecure ? "https://" : "http://"
    }

    package func begin(_ head: RequestHead, in bytes: Span<UInt8>) -> ShortBeginning {
        guard let place = place(head, in: bytes), let way = place.way else { return .declined }
        now = door.clock.now
        guard let finding = door.identification.known(head.fields, in: bytes, at: now), place.admits(finding) else {
            return .declined
        }
        caller = finding.caller
        let (rateClass, key) = FrontDoor.account(place.declaration.rate, caller, isRefused: false, client)
        counted = nil
        if let rule = door.counters.rule(rateClass) {
            // To count together takes a wait.
            guard door.counters.isAlone else { return .declined }
            counted = (rule, door.counters.countAlone(rule, of: key, at: now))
        }
        return go(head, in: bytes, place, way)
    }

    /// What stands at the request's path, when all that is asked for is that.
    private func place(_ head: RequestHead, in bytes: Span<UInt8>) -> Place? {
        // What a proxy says of its client, and what a page of another origin may read, takes more looking at.
        guard !isProxied, head.value("origin", in: bytes) == nil, let path = head.plainPath(in: bytes),
            door.settings.hosts.allows(bytes.extracting(head.host.range)),
            case .found(let place, _) = door.router.match(head.method, bytes.extracting(path))
        else { return nil }
        return place
    }

    /// The request is counted: from here on it is either sent or finished by the door.
    private func go(_ head: RequestHead, in bytes: Span<UInt8>, _ place: Place, _ way: Forward.Way) -> ShortBeginning {
        requestID = Visit.requestID(head.value("x-request-id", in: bytes)?.text(in: bytes))
        trace = .incoming(head.value("traceparent", in: bytes)?.text(in: bytes))
        began = loop.now.nanoseconds
        meter = place.meter
        (errand, connection) = (nil, nil)
        if let (_, verdict) = counted, !verdict.isAllowed { return .begun }
        let taken = way.fleet.take(at: now)
        errand = (way, taken)
        guard case .lease(let lease) = taken, write(head, in: bytes, way.desk),
            let sent = lease.upstream.sendAtOnce(head, in: bytes, headers, on: loop, until: began &+ patience)
        else { return .begun }
        connection = sent
        return .sent(sent)
    }

    /// The fields the owner is given.
    private func write(_ head: RequestHead, in bytes: Span<UInt8>, _ desk: PrincipalSigner.Desk) -> Bool {
        headers.removeAll()
        headers.forward(
            head.fields, in: bytes, dropping: Forward.requestFieldsDropped, and: "host",
            droppingPrefix: InternalField.prefix)
        let principal = Principal(
            caller: caller, requestID: requestID, clientAddress: address, origin: host.text(head.host, in: bytes),
            userAgent: agent.text(head.value("user-agent", in: bytes), in: bytes))
        guard
            desk.sign(
                principal, at: now, method: head.method.rawValue, target: bytes.extracting(head.target.range),
                into: &headers)
        else { return false }
        Forward.add(left: patience, trace, to: &headers)
        return true
    }

    package func answer(_ head: ResponseHead, in bytes: Span<UInt8>, headers: inout Headers) {
        headers.forward(
            head.fields, in: bytes, dropping: Forward.answerFieldsDropped, and: "date",
            droppingPrefix: InternalField.prefix)
        door.fields.add(
            to: &headers, hasPolicy: head.value("content-security-policy", in: bytes) != nil,
            hasCaching: head.value("cache-control", in: bytes) != nil, requestID: requestID)
        door.fields.add(to: &headers, isSecure: isSecure, counted: counted)
        if let (way, taken) = errand, case .lease(let lease) = taken { way.fleet.succeeded(lease, at: now) }
        meter?.observe(head.status, nanoseconds: loop.now.nanoseconds &- began)
        (errand, connection) = (nil, nil)
    }

    package func finish(_ request: Request) async -> Response {
        defer { (errand, connection) = (nil, nil) }
        return await door.finish(request, self)
    }
}

/// A text that a client repeats: made once, and again when it says another.
private struct Said {
    var prefix = ""
    private var bytes: [UInt8] = []
    private var made: String?

    mutating func text(_ place: Slice?, in all: Span<UInt8>) -> String {
        guard let place else { return "" }
        let range = place.range
        if let made, isSame(range, in: all) { return made }
        bytes.removeAll(keepingCapacity: true)
        bytes.append(all, range)
        let text = prefix + (place.text(in: all) ?? "")
        made = text
        return text
    }

    private func isSame(_ range: Range<Int>, in all: Span<UInt8>) -> Bool {
        guard bytes.count == range.count else { return false }
        for place in 0..<bytes.count where bytes[place] != all[range.lowerBound &+ place] { return false }
        return true
    }
}

extension Place {
    /// Whether nothing is to be refused to whom was found.
    fileprivate func admits(_ finding: Identification.Finding) -> Bool {
        isOpen || FrontDoor.refusal(finding, declaration) == nil
    }
}
