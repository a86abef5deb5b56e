import HTTP
import Net

extension Page {
    static let schemaPath = "/api/schema"

    /// Swagger UI and the OpenAPI document, by path.
    static func documentation(schema: [UInt8], folder: String, isDevelopment: Bool) -> [String: Page] {
        let docs = Page(type: html, body: .bytes(PackageResources.docs_html), policy: docsPolicy, caching: "no-cache")
        var pages = ["/docs": docs, "/api/docs": docs]
        let start = PageTemplate.fill(PackageResources.docs_js, ["persist": String(isDevelopment)])
        pages["/static/docs/start.js"] = file(.bytes(Array(start.utf8)), "text/javascript; charset=utf-8")
        let reading = BlockingPool(name: "pages", threads: 1, queue: 1_024)
        for (name, type) in swaggerFiles {
            guard let found = StaticFile("\(folder)/swagger/\(name)", reading) else { continue }
            pages["/static/swagger/\(name)"] = file(found.body, type)
        }
        pages[schemaPath] = .schema(schema)
        return pages
    }

    static func schema(_ document: [UInt8]) -> Page {
        Page(
            type: "application/vnd.oai.openapi+json; version=3.1; charset=utf-8", body: .bytes(document),
            policy: "default-src 'none'; frame-ancestors 'none'", caching: "no-cache")
    }

    private static let swaggerFiles = [
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("swagger-ui-standalone-preset.js", "text/javascript; charset=utf-8"),
        ("favicon-32x32.png", "image/png"),
    ]

    // Swagger UI sets style attributes and draws its icons as data URLs; scripts come from our own files alone.
    private static let docsPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}
