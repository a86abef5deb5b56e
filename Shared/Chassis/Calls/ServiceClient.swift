package import API
package import HTTP
package import JSON
package import Kernel
package import Lifecycle
import Net
package import Observability
package import Web

/// Asks endpoints of other services by their declarations: signed as this process, in the name of the caller it acts
/// for, with what is left of the caller's time, at an instance that answers (`InstanceSender`).
package struct ServiceClient: Sendable {
    package let signer: PrincipalSigner
    package let sender: InstanceSender
    private let metrics: Metrics
    package let instances: [ServiceName: ServiceInstances]

    package init(_ process: ServiceProcess) throws {
        try self.init(
            signer: PrincipalSigner(process.name, keys: process.settings.keys, clock: process.clock),
            client: HTTPClient(group: process.group), upstreams: process.settings.upstreams, clock: process.clock,
            metrics: process.metrics)
    }

    package init(
        signer: PrincipalSigner, client: HTTPClient, upstreams: [ServiceName: [String]], clock: any WallClock,
        metrics: Metrics
    ) throws {
        let resolver = Resolver(pool: BlockingPool(name: "resolver", threads: 1, queue: 64))
        var instances: [ServiceName: ServiceInstances] = [:]
        for (service, texts) in upstreams {
            let urls = try texts.map { text in
                guard let url = UpstreamURL(text) else {
                    throw StartFault("an address of another service is no URL")
                }
                return url
            }
            instances[service] = ServiceInstances(service, urls: urls, client: client, resolver: resolver, clock: clock)
        }
        self.signer = signer
        self.instances = instances
        self.metrics = metrics
        sender = InstanceSender(client: client, metrics: metrics)
    }

    /// Keeps the instances up to date, and asks each again and again whether it lives; to be run, and first, by who
    /// asks them.
    package func refresh() -> InstanceRefresh {
        InstanceRefresh(Array(instances.values), checkedBy: signer, client: sender.client, metrics: metrics)
    }

    /// What the endpoint answers: the `data` of its envelope, or the whole of a bare answer.
    /// - Parameters:
    ///   - path: the values of the path's parameters, in order (ids: safe as they are).
    ///   - origin: on whose behalf; nil asks in nobody's name but our own.
    ///   - deadline: when whoever waits for this service gives up.
    ///   - timeout: the most this one question may take; nil as long as the endpoint's own limit, which is 3 s where it
    ///     has none.
    /// - Throws: the Problem the other service answered with, or `service_unavailable` when it cannot be had.
    package func ask(
        _ declaration: Declaration, path: [String] = [], query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, for origin: Origin? = nil, until deadline: Deadline = .never,
        within timeout: Duration? = nil
    ) async throws(Problem) -> JSONValue {
        // What is no JSON, and what may be of any size, cannot be asked this way.
        guard declaration.answer.form.isJSON, declaration.input.bodyForm != .multipart else { throw .internalError }
        let timeout = timeout ?? declaration.timeLimit.duration(default: .seconds(3)) ?? .seconds(3)
        let target = declaration.path.filled(path) + QueryText.write(query)
        let deadline = min(Deadline.after(timeout), deadline)
        let request = try outgoing(declaration, target, body, origin, deadline)
        guard let instances = instances[declaration.owner] else { throw .unavailable() }
        let answer: (status: Int, bytes: [UInt8])
        do throws(ClientFault) {
            switch await sender.send(request, to: instances, deadline: deadline) {
            case .answered(let response):
                answer = (response.status.code, try await response.body.collect(upTo: 1_048_576))
            case .failed(let fault): throw fault
            case .circuitOpen, .noInstance: throw .unreachable
            }
        } catch {
            log.warning(
                "another service gave no answer", ["service": declaration.owner.rawValue, "reason": error.code])
            throw error == .timedOut
                ? Problem(.gatewayTimeout, "The answer took too long.") : .unavailable()
        }
        return try read(answer.bytes, answer.status, declaration)
    }

    private func outgoing(
        _ declaration: Declaration, _ target: String, _ body: JSONValue?, _ origin: Origin?, _ deadline: Deadline
    ) throws(Problem) -> OutgoingRequest {
        let context = TaskContext.current
        let principal = Principal(
            caller: origin?.caller, requestID: origin?.requestID ?? context?.requestID ?? RequestID.make(),
            clientAddress: origin?.address ?? "")
        var headers = Headers(reserving: 1024)
        guard let method = Method(rawValue: declaration.verb.rawValue),
            signer.sign(principal, to: declaration.owner, method: method.rawValue, target: target, into: &headers)
        else { throw .internalError }
        headers.add(InternalField.deadline, number: Int(max(deadline.remaining().wholeNanoseconds / 1_000_000, 0)))
        headers.add("Accept", "application/json")
        if let trace = context?.trace { headers.add("traceparent", trace.child().header) }
        if body != nil { headers.add("Content-Type", "application/json") }
        do throws(MessageFault) {
            return try OutgoingRequest(method, target, headers: headers, body: body.map { .bytes($0.bytes) } ?? .none)
        } catch {
            throw .internalError
        }
    }

    private func read(_ bytes: [UInt8], _ status: Int, _ declaration: Declaration) throws(Problem) -> JSONValue {
        let json = try? JSONReader.read(bytes)
        guard (200...299).contains(status) else { throw Problem(answered: json, status: status) }
        if status == 204 || bytes.isEmpty { return .null }
        guard let json else { throw .unavailable() }
        switch declaration.answer.form {
        case .bare, .members: return json
        case .nothing, .document, .download, .events: return .null
        case .item, .list: return json["data"] ?? .null
        }
    }
}

extension Problem {
    /// What another service refused, in its own words; faults of its own inside are nobody else's business.
    init(answered json: JSONValue?, status: Int) {
        guard status < 500, let json, let code = json["code"]?.string.flatMap(Code.init(rawValue:)) else {
            self = status == 504 ? Problem(.gatewayTimeout, "The answer took too long.") : .unavailable()
            return
        }
        let errors = json["errors"]?.object?.map { member in
            FieldFaults(field: member.key, messages: member.value.array?.compactMap(\.string) ?? [])
        }
        self.init(
            code, json["message"]?.string ?? code.title, errors: errors ?? [],
            details: json["details"].flatMap(ProblemDetails.init) ?? [:])
    }
}

extension ProblemDetails {
    /// Nil for what is no object.
    fileprivate init?(_ json: JSONValue) {
        guard let members = json.object else { return nil }
        self.init(
            members: members.compactMap { member in
                Value(member.value).map { Member(key: member.key, value: $0) }
            })
    }
}

extension ProblemDetails.Value {
    /// Nil for what no problem of ours has: numbers and null.
    fileprivate init?(_ json: JSONValue) {
        if let text = json.string {
            self = .text(text)
        } else if let items = json.array {
            self = .list(items.compactMap(Self.init))
        } else if let details = ProblemDetails(json) {
            self = .object(details)
        } else {
            return nil
        }
    }
}
