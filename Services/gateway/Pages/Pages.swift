package import HTTP
import Kernel
import Net

/// The documentation pages, the pages that links open, and their files: read once at the start, kept in memory, served
/// from there. They work without any other network: nothing is loaded from elsewhere.
package struct Pages: Sendable {
    private let pages: [String: Page]

    private struct Page: Sendable {
        let type: String
        let bytes: [UInt8]
        let policy: String
        let lasts: Bool
        /// Whether it tells nobody where it was opened, and nobody keeps it: its address may hold a token.
        var isDiscreet = false
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
        for page in ActingPage.all {
            pages[page.path] = Page(
                type: "text/html; charset=utf-8", bytes: Array(page.html.utf8), policy: ActingPage.policy, lasts: false,
                isDiscreet: true)
        }
        for file in ActingPage.files {
            pages[file.path] = Page(type: file.type, bytes: Array(file.text.utf8), policy: Self.filePolicy, lasts: true)
        }
        pages["/api/schema"] = Page(
            type: "application/vnd.oai.openapi+json; version=3.1; charset=utf-8", bytes: schema,
            policy: Self.filePolicy, lasts: false)
        self.pages = pages
    }

    /// Whether there is a page, by whatever method it is asked for.
    package func exist(at path: String) -> Bool {
        let path = Self.bare(path)
        return pages[path] != nil || ActingPage.redirects[path] != nil
    }

    private static func bare(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }

    package func answer(_ request: Request) async -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        let path = Self.bare(request.path)
        if let location = ActingPage.redirects[path] { return Response(.found, headers: ["Location": location]) }
        guard let page = pages[path] else { return nil }
        var headers = Headers()
        headers.add("Content-Type", page.type)
        headers.add("Content-Security-Policy", page.policy)
        if page.isDiscreet {
            headers.add("Cache-Control", "no-store")
            headers.add("Referrer-Policy", "no-referrer")
        } else {
            headers.add("Cache-Control", page.lasts ? "public, max-age=3600" : "no-cache")
        }
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
