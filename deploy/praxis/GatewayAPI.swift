import API
import Crypto
import HTTP
import JSON
import Kernel
import Lifecycle
import Net
import Settings

/// The gateway as any client meets it: declared endpoints, JSON, a bearer token.
struct GatewayAPI: Sendable {
    static let address = Setting.url(
        "GATEWAY_URL", default: "http://localhost:8000", help: "Where the gateway is found.")

    private let url: String
    private let caller: HTTPCaller

    init(_ url: String, group: EventLoopGroup) throws(Failure) {
        self.url = url
        caller = try HTTPCaller(url, group: group)
    }

    /// What the gateway answered; a status below 400 is a success.
    struct Reply: Sendable {
        let status: Int
        let body: JSONValue

        var isSuccess: Bool { status < 400 }
        /// The resource itself; lists have `results`.
        var code: String { body["code"]?.string ?? "" }
        var message: String { body["message"]?.string ?? "status \(status)" }
    }

    /// - Parameters:
    ///   - path: what fills the path's parameters, in order.
    ///   - query: as `search=Chen`, encoded.
    func ask(
        _ endpoint: Declaration, path: [String] = [], query: String = "", body: JSONValue? = nil, token: String? = nil
    ) async throws -> Reply {
        try await send(
            endpoint, path, query, body.map { (type: "application/json", bytes: $0.bytes) }, token: token)
    }

    /// A file with fields beside it, as a browser's form sends them (RFC 7578); the `data` of a successful answer.
    func upload(
        _ endpoint: Declaration, path: [String], fields: [(name: String, value: String)], file name: String,
        _ bytes: [UInt8], as token: String
    ) async throws -> JSONValue {
        let boundary = "praxis-" + Hex.encode(Random.bytes(16))
        let open = "--\(boundary)\r\nContent-Disposition: form-data; name="
        var body = fields.map { "\(open)\"\($0.name)\"\r\n\r\n\($0.value)\r\n" }.joined()
        body += "\(open)\"file\"; filename=\"\(name)\"\r\n\r\n"
        let whole = Array(body.utf8) + bytes + Array("\r\n--\(boundary)--\r\n".utf8)
        return try data(
            of: endpoint,
            try await send(
                endpoint, path, "", (type: "multipart/form-data; boundary=\(boundary)", bytes: whole), token: token))
    }

    private func send(
        _ endpoint: Declaration, _ path: [String], _ query: String, _ body: (type: String, bytes: [UInt8])?,
        token: String?
    ) async throws -> Reply {
        guard let method = Method(rawValue: endpoint.verb.rawValue) else { throw Failure(.usage, "No such method.") }
        var headers: Headers = ["Accept": "application/json", "User-Agent": "praxis"]
        if let body { headers.add("Content-Type", body.type) }
        if let token { headers.add("Authorization", "Bearer \(token)") }
        let target = endpoint.path.filled(path) + (query.isEmpty ? "" : "?" + query)
        let request = try OutgoingRequest(
            method, target, headers: headers, body: body.map { .bytes($0.bytes) } ?? .none)
        let (status, bytes) = try await caller.send(request)
        return Reply(status: status, body: (try? JSONReader.read(bytes)) ?? .null)
    }

    /// The `data` of a successful answer.
    func data(
        _ endpoint: Declaration, path: [String] = [], query: String = "", body: JSONValue? = nil, as token: String
    ) async throws -> JSONValue {
        try data(of: endpoint, try await ask(endpoint, path: path, query: query, body: body, token: token))
    }

    private func data(of endpoint: Declaration, _ reply: Reply) throws -> JSONValue {
        guard reply.isSuccess else {
            throw Failure(.unavailable, "The gateway refuses \(endpoint.name): \(reply.message)")
        }
        return reply.body["data"] ?? .null
    }

    /// An access token of the account. `code` is asked for its second factor, where it has one.
    func token(
        _ username: String, _ password: Secret, code: () -> Secret? = { nil }
    ) async throws -> String {
        let body: JSONValue = ["username": .string(username), "password": .string(password.expose())]
        var reply = try await ask(TokensAPI.obtain.declaration, body: body)
        if reply.code == Problem.Code.otpRequired.rawValue, let code = code() {
            let more = MergePatch.apply(["otp": .string(code.expose())], to: body)
            reply = try await ask(TokensAPI.obtain.declaration, body: more)
        }
        guard reply.isSuccess, let token = reply.body["access"]?.string else {
            throw Failure(.unavailable, "\(url) gives \(username) no token: \(reply.message)")
        }
        return token
    }
}

/// One HTTP server, asked over its own connections; its faults as sentences.
struct HTTPCaller: Sendable {
    private let url: String
    private let client: HTTPClient
    private let upstream: Upstream

    init(_ url: String, group: EventLoopGroup) throws(Failure) {
        guard let parts = SettingURL(url), ["http", "https"].contains(parts.scheme), !parts.host.isEmpty,
            let port = UInt16(exactly: parts.port ?? (parts.scheme == "https" ? 443 : 80))
        else { throw Failure(.settings, "\(url) is not an address with http:// or https://.") }
        var tls: TLSContext?
        if parts.scheme == "https" {
            do { tls = try TLSContext.client() } catch { throw Failure(.settings, "TLS is not available here.") }
        }
        let resolver = Resolver(pool: BlockingPool(name: "names", threads: 1, queue: 8))
        let host = parts.host.contains(":") ? "[\(parts.host)]" : parts.host
        self.url = url
        client = HTTPClient(group: group)
        upstream = client.upstream(
            .name(parts.host, port: port, resolver), authority: parts.port.map { "\(host):\($0)" } ?? host, tls: tls,
            serverName: parts.host)
    }

    /// The status and the whole body; it takes ten seconds at most.
    func send(_ request: OutgoingRequest) async throws(Failure) -> (status: Int, body: [UInt8]) {
        do throws(ClientFault) {
            let answer = try await client.send(request, to: upstream, deadline: .after(.seconds(10)))
            return (answer.head.status, try await answer.body.collect(upTo: 8 << 20))
        } catch {
            switch error {
            case .unreachable: throw Failure(.unavailable, "Nothing listens at \(url).")
            case .timedOut: throw Failure(.unavailable, "\(url) did not answer within ten seconds.")
            default: throw Failure(.unavailable, "\(url) gave no usable answer (\(error.code)).")
            }
        }
    }
}
