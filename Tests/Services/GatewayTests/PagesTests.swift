import API
import Gateway
import Glibc
import HTTP
import JSON
import Kernel
import Lifecycle
import Testing
import Web

/// The pages that links open, as a browser gets them.
@Suite struct PagesTests {
    private static let pages = ["/verify-email", "/confirm-email", "/reset-password", "/setup", "/unsubscribe"]

    private func text(
        _ fixture: GatewayFixture, _ target: String, _ headers: Headers = Headers(), status: Status = .ok
    ) async throws -> (fields: MessageFields, text: String) {
        let request = try OutgoingRequest(.get, target, headers: headers)
        let answer = try await fixture.client.send(request, to: fixture.upstream, deadline: .after(.seconds(10)))
        let bytes = try await answer.body.collect(upTo: 1_000_000)
        #expect(answer.status == status)
        return (answer.headers, String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: pages)
    func `a page is kept by nobody, tells nobody where it was opened, and loads nothing from elsewhere`(
        path: String
    ) async throws {
        try await GatewayFixture.with { fixture in
            for target in [path, path + "/", path + "?token=prxp_secret"] {
                let (fields, html) = try await text(fixture, target)
                #expect(fields.values("referrer-policy") == ["no-referrer"])
                #expect(fields.values("cache-control") == ["no-store"])
                let policy = try #require(fields["content-security-policy"])
                #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("unsafe"))
                #expect(policy.contains("form-action 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(fields["x-frame-options"] == "DENY" && fields["x-content-type-options"] == "nosniff")
                #expect(!html.contains("prxp_secret"))
                #expect(!html.contains("//") && !html.contains("<style") && !html.contains(" style="))
                #expect(!html.contains("onclick") && !html.contains("javascript:"))
            }
            #expect(fixture.seen.withLock { $0.isEmpty })
            // Mail programs post to the last one as it stands in a mail.
            #expect((try await fixture.ask(.post, path, body: "{}").status == 405) == (path != "/unsubscribe"))
        }
    }

    @Test(arguments: [true, false])
    func `the documentation keeps a token in the browser's storage in development alone`(
        isDevelopment: Bool
    ) async throws {
        let pages = Pages(
            schema: .object([]),
            site: Pages.Site(
                folder: "/nonexistent", isDevelopment: isDevelopment, securityContact: "mailto:a@b.example"))
        let answer = try #require(
            await pages.answer(try Request(.get, "/static/docs/start.js"), at: Instant(microseconds: 0)))
        guard case .bytes(let bytes) = answer.body else { throw CancellationError() }
        #expect(String(decoding: bytes, as: UTF8.self).contains("persistAuthorization: \(isDevelopment),"))
    }

    @Test func `a file of Swagger UI is read in pieces while it is sent, whole, and stays the one of the start`()
        async throws
    {
        let (folder, name) = ("/tmp/praxis-pages-\(getpid())-\(UInt32.random(in: 0 ... .max))", "swagger-ui-bundle.js")
        let script = (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        _ = unsafe mkdir(folder, 0o700) + mkdir("\(folder)/swagger", 0o700)
        defer { for path in ["/swagger/\(name)", "/swagger", ""] { _ = unsafe remove(folder + path) } }
        let path = "\(folder)/swagger/\(name)"
        try Self.write(script, to: path)
        try await GatewayFixture.with(files: folder) { fixture in
            // An upgrade puts another file in the place of this one.
            #expect(unsafe unlink(path) == 0)
            try Self.write([1, 2, 3], to: path)
            for method in [Method.get, .head, .get] {
                let request = try OutgoingRequest(method, "/static/swagger/\(name)")
                let answer = try await fixture.client.send(
                    request, to: fixture.upstream, deadline: .after(.seconds(10)))
                #expect(answer.headers["content-length"] == "150000")
                let body = try await answer.body.collect(upTo: 1_000_000)
                #expect(body == (method == .head ? [] : script))
            }
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw CancellationError() }
        let written = unsafe fwrite(bytes, 1, bytes.count, file)
        #expect(unsafe fclose(file) == 0 && written == bytes.count)
    }

    @Test func `the document names the demonstration's records where their ids are known, and else placeholders`()
        async throws
    {
        let known = DemoRecord("patient")
        let schema: JSONValue = ["examples": [known.example, DemoRecord("doctor").example], "title": "Praxis"]
        let pages = Pages(
            schema: schema,
            site: Pages.Site(folder: "/nonexistent", isDevelopment: true, securityContact: "mailto:a@b.example"),
            demoIDs: { [known: "01940000-0000-7000-8000-000000000001"] })
        let answer = try #require(await pages.answer(try Request(.get, "/api/schema/"), at: Instant(microseconds: 0)))
        guard case .bytes(let bytes) = answer.body else { throw CancellationError() }
        let examples: JSONValue = ["01940000-0000-7000-8000-000000000001", DemoRecord("doctor").example]
        #expect(try JSONReader.read(bytes) == ["examples": examples, "title": "Praxis"])
    }

    @Test(arguments: pages)
    func `every file a page names is there, of the kind it is named as`(path: String) async throws {
        try await GatewayFixture.with { fixture in
            let (_, html) = try await text(fixture, path)
            let named = html.split(separator: "\"").filter { $0.hasPrefix("/static/") }.map(String.init)
            #expect(named.count == 3)
            for file in named {
                let (fields, text) = try await text(fixture, file)
                let kinds = ["js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"]
                let kind = try #require(file.split(separator: ".").last.flatMap { kinds[String($0)] })
                #expect(fields["content-type"]?.hasPrefix(kind) == true)
                // An SVG names its XML namespace, which nobody fetches.
                #expect(!text.isEmpty && (kind == "image/svg+xml" || !text.contains("http")))
            }
        }
    }

    @Test(arguments: pages)
    func `every field has a label, and a place where its faults are told`(path: String) async throws {
        try await GatewayFixture.with { fixture in
            let (_, html) = try await text(fixture, path)
            #expect(html.contains("<html lang=\"en\">") && html.contains("<h1>") && html.contains("role=\"status\""))
            for part in html.components(after: "<input id=\"") {
                let name = String(part.prefix { $0 != "\"" })
                #expect(html.contains("<label for=\"\(name)\">"))
                #expect(html.contains("id=\"\(name)-fault\""))
                #expect(part.contains("autocomplete="))
            }
        }
    }

    @Test func `passwords are asked for twice, and offered to be made and kept`() async throws {
        try await GatewayFixture.with { fixture in
            for path in ["/reset-password", "/setup"] {
                let (_, html) = try await text(fixture, path)
                #expect(html.components(after: "type=\"password\" autocomplete=\"new-password\"").count == 2)
            }
        }
    }

    @Test func `the paths that pages post to are declared, and take a POST alone`() async throws {
        let posted = Set(Catalogue.all.filter { $0.verb == .post }.map(\.path.description))
        try await GatewayFixture.with { fixture in
            for path in ["/reset-password", "/setup"] {
                let (_, html) = try await text(fixture, path)
                for part in html.components(after: "data-to=\"") {
                    #expect(posted.contains(String(part.prefix { $0 != "\"" })))
                }
            }
        }
    }

    @Test func `password managers are sent to where a password is changed`() async throws {
        try await GatewayFixture.with { fixture in
            let answer = try await fixture.ask(.get, "/.well-known/change-password")
            #expect(answer.status == 302 && answer.headers["location"] == "/reset-password")
            #expect(try await fixture.ask(.post, "/.well-known/change-password", body: "{}").status == 405)
        }
    }

    private static let browser: Headers = ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"]

    private static let production = [
        "PRAXIS_ENV": "production", "FRONTEND_URL": "https://care.example",
        "CORS_ALLOWED_ORIGINS": "https://care.example",
    ]

    @Test(arguments: [([:], true), (production, false)])
    func `the start page links documentation and health, and mail during development alone`(
        environment: [String: String], showsMail: Bool
    ) async throws {
        try await GatewayFixture.with(environment: environment) { fixture in
            let (fields, html) = try await text(fixture, "/", Self.browser)
            #expect(fields["content-security-policy"]?.hasPrefix("default-src 'none';") == true)
            #expect(html.contains("href=\"/docs\"") && html.contains("href=\"/api/v1/health\""))
            #expect(html.contains("href=\"/dev/mail\"") == showsMail)
            #expect(!html.contains("{{"))
            let program = try await fixture.ask(.get, "/", ["Accept": "*/*"])
            #expect(program.status == 404 && program.json?["code"]?.string == "not_found")
        }
    }

    @Test func `a browser gets a problem as a page, with the problem's own status; the API and programs get JSON`()
        async throws
    {
        try await GatewayFixture.with { fixture in
            let (fields, html) = try await text(fixture, "/nowhere", Self.browser, status: .notFound)
            #expect(fields["content-type"] == "text/html; charset=utf-8" && fields["vary"]?.contains("Accept") == true)
            #expect(fields.values("content-security-policy").count == 1 && fields.values("cache-control").count == 1)
            let id = try #require(fields["x-request-id"])
            #expect(html.contains("<h1>") && html.contains(id) && html.contains("404") && !html.contains("{{"))
            for (path, accept) in [
                ("/nowhere", "*/*"), ("/nowhere", "application/json"), ("/api/nowhere", "text/html"),
            ] {
                let answer = try await fixture.ask(.get, path, ["Accept": accept])
                #expect(answer.status == 404 && answer.json?["code"]?.string == "not_found")
            }
        }
    }

    @Test(arguments: [
        ([:], "mailto:security@localhost"),
        (["FRONTEND_URL": "https://care.example.org:8443"], "mailto:security@care.example.org"),
        (["SECURITY_CONTACT": "https://example.org/report"], "https://example.org/report"),
        (["SECURITY_CONTACT": "help@example.org"], "mailto:help@example.org"),
    ])
    func `security.txt says whom to tell and stays true for weeks`(
        environment: [String: String], contact: String
    ) async throws {
        try await GatewayFixture.with(environment: environment) { fixture in
            let (fields, text) = try await text(fixture, "/.well-known/security.txt")
            #expect(fields["content-type"] == "text/plain; charset=utf-8")
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.contains("Contact: \(contact)"))
            let expires = try #require(lines.first { $0.hasPrefix("Expires: ") }?.dropFirst(9))
            let end = try #require(Instant(rfc3339: expires))
            #expect(end > fixture.clock.now + .seconds(28 * 86_400) && end < fixture.clock.now + .seconds(31 * 86_400))
        }
    }
}

extension String {
    /// What follows each occurrence of `mark`, up to the next.
    fileprivate func components(after mark: String) -> [String] {
        var rest = self[...]
        var found: [String] = []
        while let range = rest.firstRange(of: mark) {
            rest = rest[range.upperBound...]
            found.append(String(rest[..<(rest.firstRange(of: mark)?.lowerBound ?? rest.endIndex)]))
        }
        return found
    }
}
