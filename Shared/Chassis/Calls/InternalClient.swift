package import API
import HTTP
package import JSON
package import Kernel
import Lifecycle
import Net
import Observability
import Settings
import Synchronization
package import Web

/// Asks endpoints of other services by their declarations: signed as this service, in the name of the caller it acts for,
/// with what is left of the caller's time.
package struct InternalClient: Sendable {
    private let signer: PrincipalSigner
    private let client: HTTPClient
    private let places: [ServiceName: Upstreams]

    /// One service's processes, asked in turn.
    private final class Upstreams: Sendable {
        let all: [Upstream]
        private let turn = Atomic(0)

        init(_ all: [Upstream]) { self.all = all }

        func next() -> Upstream? {
            if all.isEmpty { return nil }
            let ticket = turn.wrappingAdd(1, ordering: .relaxed).oldValue
            return all[Int(UInt(bitPattern: ticket) % UInt(all.count))]
        }
    }

    package init(_ process: ServiceProcess) throws {
        try self.init(
            signer: PrincipalSigner(process.name, keys: process.settings.keys, clock: process.clock),
            client: HTTPClient(group: process.group), upstreams: process.settings.upstreams)
    }

    init(signer: PrincipalSigner, client: HTTPClient, upstreams: [ServiceName: [String]]) throws {
        (self.signer, self.client) = (signer, client)
        let resolver = Resolver(pool: BlockingPool(name: "resolver", threads: 1, queue: 64))
        places = try upstreams.mapValues { urls in
            Upstreams(
                try urls.map { url in
                    guard let parts = SettingURL(url), let port = UInt16(exactly: parts.port ?? 80) else {
                        throw StartFault("an address of another service is no URL")
                    }
                    return client.upstream(
                        .name(parts.host, port: port, resolver), authority: "\(parts.host):\(port)")
                })
        }
    }

    /// What the endpoint answers: the `data` of its envelope, or the whole of a bare answer.
    /// - Parameters:
    ///   - path: the values of the path's parameters, in order (ids: safe as they are).
    ///   - call: on whose behalf; nil asks in nobody's name but our own.
    ///   - timeout: nil as long as the endpoint's own limit, which is 3 s where it has none.
    /// - Throws: the Problem the other service answered with, or `service_unavailable` when it cannot be had.
    package func ask(
        _ declaration: Declaration, path: [String] = [], query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, for call: Call? = nil, within timeout: Duration? = nil
    ) async throws(Problem) -> JSONValue {
        // What is no JSON, and what may be of any size, cannot be asked this way.
        guard declaration.answer.form.isJSON, declaration.input.bodyForm != .multipart else { throw .internalError }
        let timeout = timeout ?? declaration.timeLimit.duration(default: .seconds(3)) ?? .seconds(3)
        let target = declaration.path.filled(path) + QueryText.write(query)
        let deadline = min(Deadline.after(timeout), call?.deadline ?? .never)
        let request = try outgoing(declaration, target, body, call, deadline)
        guard let upstream = places[declaration.owner]?.next() else { throw .unavailable() }
        let answer: (status: Int, bytes: [UInt8])
        do throws(ClientFault) {
            let response = try await client.send(request, to: upstream, deadline: deadline)
            answer = (response.status.code, try await response.body.collect(upTo: 1_048_576))
        } catch {
            log.warning(
                "another service gave no answer", ["service": declaration.owner.rawValue, "reason": error.code])
            throw error == .timedOut
                ? Problem(.gatewayTimeout, "The answer took too long.") : .unavailable()
        }
        return try read(answer.bytes, answer.status, declaration)
    }

    private func outgoing(
        _ declaration: Declaration, _ target: String, _ body: JSONValue?, _ call: Call?, _ deadline: Deadline
    ) throws(Problem) -> OutgoingRequest {
        let context = TaskContext.current
        let principal = Principal(
            caller: call?.caller, requestID: call?.requestID ?? context?.requestID ?? RequestID.make(),
            clientAddress: call?.clientAddress ?? "", origin: call?.origin ?? "", userAgent: call?.userAgent ?? "")
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
        self.init(code, json["message"]?.string ?? code.title, errors: errors ?? [])
    }
}
