import Crypto
import HTTP
import Kernel
import Lifecycle
import Net
import Outbound

/// A store of a test's own that speaks as much of S3's API as files need, and proves every signature by itself (AWS
/// Signature Version 4).
final class S3Peer: Sendable {
    static let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    let objects = Locked<[String: [UInt8]]>([:])
    /// Why requests were refused.
    let refusals = Locked<[String]>([])
    /// Answers with this instead, while it is set.
    let trouble = Locked<Int?>(nil)
    /// How many keys a list has at most.
    let pageSize = Locked(1_000)

    /// Runs `body` beside a peer, with how it is reached.
    static func with(
        secret: String = secret, _ body: @escaping @Sendable (S3Peer, ObjectStore) async throws -> Void
    ) async throws {
        let group = EventLoopGroup(count: 1)
        defer { group.shutDown() }
        let peer = S3Peer()
        try await group.run {
            let server = HTTPServer(
                .loopback(), group: group, limits: HTTPLimits(), handler: { await peer.answer($0) })
            try await server.start()
            let store = ObjectStore(
                url: "http://\(server.address?.description ?? "")", bucket: "files", region: "eu-test-1",
                accessKey: "AKIAIOSFODNN7EXAMPLE", secret: Secret(secret), timeout: .seconds(10))
            let result: Result<Void, any Error>
            do { result = .success(try await body(peer, store)) } catch { result = .failure(error) }
            await server.stop()
            try result.get()
        }
    }

    private func answer(_ request: Request) async -> Response {
        request.body.allow(upTo: 20_000_000)
        guard let body = try? await request.body.collect(upTo: 20_000_000) else { return Response(Status(400)) }
        if let trouble = trouble.withLock({ $0 }) { return Response(Status(trouble)) }
        if let why = fault(request, body) {
            refusals.withLock { $0.append(why) }
            return Response(Status(403))
        }
        let key = String(request.path.dropFirst("/files/".count))
        switch request.method {
        case .put:
            objects.withLock { $0[key] = body }
            return Response(.ok)
        case .delete:
            objects.withLock { $0[key] = nil }
            return Response(Status(204))
        case .get where key.isEmpty: return list(request)
        default: return get(key, request)
        }
    }

    private func get(_ key: String, _ request: Request) -> Response {
        guard let object = objects.withLock({ $0[key] }) else { return Response(Status(404)) }
        let ends = (request.headers["range"] ?? "").dropFirst("bytes=".count).split(separator: "-").compactMap {
            Int($0)
        }
        guard ends.count == 2 else { return Response(.ok, body: .bytes(object)) }
        guard ends[0] < object.count else { return Response(Status(416)) }
        let range = ends[0]..<min(ends[1] + 1, object.count)
        return Response(
            Status(206), headers: ["Content-Range": "bytes \(ends[0])-\(range.upperBound - 1)/\(object.count)"],
            body: .bytes(Array(object[range])))
    }

    private func list(_ request: Request) -> Response {
        let query = ((try? request.query()) ?? []).reduce(into: [:]) { $0[$1.name] = $1.value }
        let behind = objects.withLock { $0.keys.sorted().filter { $0 > query["start-after"] ?? "" } }
        let page = behind.prefix(pageSize.withLock { $0 })
        let contents = page.map {
            "<Contents><Key>\($0)</Key><LastModified>2026-11-28T10:00:00.000Z</LastModified><Size>1</Size></Contents>"
        }
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>files</Name>\
            <IsTruncated>\(page.count < behind.count)</IsTruncated>\(contents.joined())</ListBucketResult>
            """
        return Response(.ok, headers: ["Content-Type": "application/xml"], body: .bytes(Array(text.utf8)))
    }

    // MARK: The signature

    /// What is wrong with it; nil for a good one.
    private func fault(_ request: Request, _ body: [UInt8]) -> String? {
        guard let field = request.headers["authorization"], field.hasPrefix("AWS4-HMAC-SHA256 ") else { return "none" }
        let parts = field.dropFirst(17).split(separator: ",").reduce(into: [String: String]()) { parts, part in
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { parts[String(pair[0])] = String(pair[1]) }
        }
        guard let credential = parts["Credential"], let names = parts["SignedHeaders"],
            let signature = parts["Signature"], let date = request.headers["x-amz-date"],
            let digest = request.headers["x-amz-content-sha256"]
        else { return "incomplete" }
        if digest != Hex.encode(Digest.sha256(body)) { return "digest" }
        let day = String(date.prefix(8))
        let scope = "\(day)/eu-test-1/s3/aws4_request"
        if credential != "AKIAIOSFODNN7EXAMPLE/\(scope)" { return "scope" }
        for name in ["host", "x-amz-content-sha256", "x-amz-date"]
        where !names.split(separator: ";").contains(name[...]) {
            return "unsigned"
        }
        let canonical = canonical(request, names, digest)
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n\(Hex.encode(Digest.sha256(canonical)))"
        let key = [day, "eu-test-1", "s3", "aws4_request"].reduce(Array("AWS4\(Self.secret)".utf8)) { key, part in
            HMACKey(key).sign(part)
        }
        return signature == Hex.encode(HMACKey(key).sign(text)) ? nil : "signature"
    }

    private func canonical(_ request: Request, _ names: String, _ digest: String) -> String {
        let target = String(decoding: request.rawTarget, as: UTF8.self).split(separator: "?", maxSplits: 1)
        let query = target.count == 2 ? target[1].split(separator: "&").sorted().joined(separator: "&") : ""
        let known = [
            "host": request.headers["host"], "x-amz-date": request.headers["x-amz-date"],
            "x-amz-content-sha256": request.headers["x-amz-content-sha256"],
        ]
        let fields = names.split(separator: ";").map { "\($0):\((known[String($0)] ?? nil) ?? "")\n" }.joined()
        return [request.method.rawValue, String(target[0]), query, fields, names, digest].joined(separator: "\n")
    }
}
