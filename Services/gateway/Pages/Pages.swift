package import API
package import HTTP
package import JSON
package import Kernel

/// What browsers open: documentation, pages that links open, a start page, their files, and security.txt. All of it is
/// made at the start and kept in memory, but for Swagger UI's files; nothing is loaded from elsewhere.
package struct Pages: Sendable {
    private let pages: [String: Page]
    private let schema: [UInt8]
    /// The ids of the demonstration's records, where examples are to name them.
    private let demoIDs: (@Sendable () async -> [DemoRecord: String])?
    private let home: Page
    private let security: SecurityText

    /// What the pages tell of this installation.
    package struct Site: Sendable {
        /// Where set-up put Swagger UI's files, below `swagger/`.
        let folder: String
        /// Whether mails are kept and shown instead of sent.
        let isDevelopment: Bool
        /// Where security reports go, a URI.
        let securityContact: String

        package init(folder: String, isDevelopment: Bool, securityContact: String) {
            self.folder = folder
            self.isDevelopment = isDevelopment
            self.securityContact = securityContact
        }
    }

    /// - Parameters:
    ///   - schema: the OpenAPI document, served at `/api/schema`.
    ///   - demoIDs: what its examples name instead of placeholders, asked at each request; nil leaves them.
    package init(schema: JSONValue, site: Site, demoIDs: (@Sendable () async -> [DemoRecord: String])? = nil) {
        self.schema = Array(schema.bytes[...])
        self.demoIDs = demoIDs
        var pages = Page.documentation(
            schema: self.schema, folder: site.folder, isDevelopment: site.isDevelopment)
        for (path, content) in Self.forms { pages[path] = .form(content) }
        for (name, file) in Page.files { pages["/static/pages/\(name)"] = file }
        self.pages = pages
        home = .home(isDevelopment: site.isDevelopment)
        security = SecurityText(contact: site.securityContact)
    }

    /// Pages that a link opens and a person acts on. Opening one changes nothing – mail scanners follow links –, only
    /// its form does.
    private static let forms = [
        ("/verify-email", PackageResources.verify_email_html),
        ("/confirm-email", PackageResources.confirm_email_html),
        ("/reset-password", PackageResources.reset_password_html),
        ("/unsubscribe", PackageResources.unsubscribe_html),
        ("/setup", PackageResources.set_up_html),
    ]

    /// RFC 8615: where password managers send people. Without a link's token the page asks for the email.
    private static let redirects = ["/.well-known/change-password": "/reset-password"]

    /// Whether there is a page, by whatever method it is asked for.
    package func exist(at path: String) -> Bool {
        let path = Self.bare(path)
        return pages[path] != nil || Self.redirects[path] != nil || path == SecurityText.path
    }

    private static func bare(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }

    package func answer(_ request: Request, at now: Instant) async -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        let path = Self.bare(request.path)
        if let location = Self.redirects[path] { return Response(.found, headers: ["Location": location]) }
        if path == SecurityText.path { return security.response(at: now) }
        if path == "/" { return Self.isBrowser(request) ? home.response : nil }
        if path == Page.schemaPath, let demoIDs {
            return Page.schema(DemoRecord.resolve(schema, await demoIDs())).response
        }
        return pages[path]?.response
    }

    /// The problem as a page, for who opened an address that is not the API's with a browser; nil for all others.
    package func page(of problem: Problem, requestID: String, for request: Request) -> Page? {
        guard request.method == .get || request.method == .head, !request.path.hasPrefix("/api"),
            Self.isBrowser(request)
        else { return nil }
        return .problem(problem, requestID: requestID)
    }

    /// Browsers name `text/html` where a person opens an address; programs that take anything do not.
    private static func isBrowser(_ request: Request) -> Bool {
        request.headers["accept"]?.contains("text/html") ?? false
    }
}
