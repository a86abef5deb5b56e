package import HTTP
import Kernel
import Net

/// The documentation pages, the page a mail's link opens, and their files: read once at the start, kept in memory, served
/// from there. They work without any other network: nothing is loaded from elsewhere.
package struct Pages: Sendable {
    private let pages: [String: Page]

    private struct Page: Sendable {
        let type: String
        let bytes: [UInt8]
        let policy: String
        let lasts: Bool
    }

    /// - Parameters:
    ///   - schema: the OpenAPI document, served at `/api/schema`.
    ///   - folder: where set-up put Swagger UI's files, below `swagger/`.
    package init(schema: [UInt8], folder: String) {
        var pages: [String: Page] = [:]
        for path in ["/docs", "/api/docs"] {
            pages[path] = Page(
                type: "text/html; charset=utf-8", bytes: Array(Self.html.utf8), policy: Self.pagePolicy, lasts: false)
        }
        pages["/static/docs/start.js"] = Page(
            type: "text/javascript; charset=utf-8", bytes: Array(Self.start.utf8), policy: Self.filePolicy, lasts: true)
        for (name, type) in Self.files {
            guard let bytes = FileContents.read("\(folder)/swagger/\(name)") else { continue }
            pages["/static/swagger/\(name)"] = Page(type: type, bytes: bytes, policy: Self.filePolicy, lasts: true)
        }
        pages[VerifyEmailPage.path] = Page(
            type: "text/html; charset=utf-8", bytes: Array(VerifyEmailPage.html.utf8), policy: VerifyEmailPage.policy,
            lasts: false)
        pages[VerifyEmailPage.scriptPath] = Page(
            type: "text/javascript; charset=utf-8", bytes: Array(VerifyEmailPage.script.utf8), policy: Self.filePolicy,
            lasts: true)
        pages["/api/schema"] = Page(
            type: "application/vnd.oai.openapi+json; version=3.1; charset=utf-8", bytes: schema,
            policy: Self.filePolicy, lasts: false)
        self.pages = pages
    }

    /// Whether there is a page, by whatever method it is asked for.
    package func exist(at path: String) -> Bool { pages[Self.bare(path)] != nil }

    private static func bare(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }

    package func answer(_ request: Request) async -> Response? {
        guard let page = pages[Self.bare(request.path)] else { return nil }
        guard request.method == .get || request.method == .head else { return nil }
        var headers = Headers()
        headers.add("Content-Type", page.type)
        headers.add("Content-Security-Policy", page.policy)
        headers.add("Cache-Control", page.lasts ? "public, max-age=3600" : "no-cache")
        return Response(.ok, headers: headers, body: .bytes(page.bytes))
    }

    private static let files = [
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui-standalone-preset.js", "text/javascript; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
    ]

    // Swagger UI sets style attributes and draws its icons as data URLs; scripts come from our own files alone.
    private static let pagePolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    private static let filePolicy = "default-src 'none'; frame-ancestors 'none'"

    private static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Praxis API</title>
        <link rel="stylesheet" href="/static/swagger/swagger-ui.css">
        <link rel="icon" href="/static/swagger/favicon-32x32.png">
        </head>
        <body>
        <div id="docs"><noscript>This page needs JavaScript. The document itself is at <a href="/api/schema">/api/schema</a>.</noscript></div>
        <script src="/static/swagger/swagger-ui-bundle.js"></script>
        <script src="/static/swagger/swagger-ui-standalone-preset.js"></script>
        <script src="/static/docs/start.js"></script>
        </body>
        </html>
        """

    private static let start = """
        window.ui = SwaggerUIBundle({
            url: "/api/schema",
            dom_id: "#docs",
            deepLinking: true,
            persistAuthorization: true,
            tryItOutEnabled: true,
            presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
            layout: "BaseLayout"
        });
        """
}
