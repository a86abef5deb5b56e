import API
import Gateway
import HTTP
import Kernel
import Lifecycle
import Testing
import Web

/// The pages that links open, as a browser gets them.
@Suite struct PagesTests {
    private static let pages = ["/verify-email", "/reset-password", "/setup"]

    private func text(_ fixture: GatewayFixture, _ target: String) async throws -> (fields: MessageFields, text: String)
    {
        let request = try OutgoingRequest(.get, target)
        let answer = try await fixture.client.send(request, to: fixture.upstream, deadline: .after(.seconds(10)))
        let bytes = try await answer.body.collect(upTo: 1_000_000)
        #expect(answer.status == .ok)
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
            #expect(try await fixture.ask(.post, path, body: "{}").status == 405)
        }
    }

    @Test(arguments: pages)
    func `every file a page names is there, of the kind it is named as`(path: String) async throws {
        try await GatewayFixture.with { fixture in
            let (_, html) = try await text(fixture, path)
            let named = html.split(separator: "\"").filter { $0.hasPrefix("/static/") }.map(String.init)
            #expect(named.count == 2)
            for file in named {
                let (fields, text) = try await text(fixture, file)
                #expect(
                    fields["content-type"]?.hasPrefix(file.hasSuffix(".js") ? "text/javascript" : "text/css") == true)
                #expect(!text.isEmpty && !text.contains("http"))
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
