import HTTP
import Kernel

/// Where security researchers report what they find (RFC 9116).
struct SecurityText: Sendable {
    static let path = "/.well-known/security.txt"

    /// A URI.
    let contact: String

    func response(at now: Instant) -> Response {
        let text = PageTemplate.fill(
            PackageResources.security_txt, ["contact": contact, "expires": Self.expiry(now).rfc3339])
        var headers = Headers()
        headers.add("Content-Type", "text/plain; charset=utf-8")
        headers.add("Cache-Control", "public, max-age=3600")
        return Response(.ok, headers: headers, body: .bytes(Array(text.utf8)))
    }

    /// Midnight, 30 days from now: near enough to be true, far enough to be kept.
    private static func expiry(_ now: Instant) -> Instant {
        Instant(seconds: (now.seconds / 86_400 + 30) * 86_400)
    }
}
