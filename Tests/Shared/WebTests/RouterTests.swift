import API
import HTTP
import Testing
import Web

@Suite struct RouterTests {
    private func router(_ paths: (Verb, String)...) throws -> Router<String> {
        try Router(paths.map { ($0.0, PathTemplate($0.1), "\($0.0.rawValue) \($0.1)") })
    }

    private func found(_ match: Router<String>.Match, at path: String = "") -> String? {
        guard case .found(let payload, let template) = match else { return nil }
        return ([payload] + template.parameters(in: path).map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    }

    @Test func `a path is found with and without its trailing slash`() throws {
        let router = try router((.get, "/api/patients"))
        #expect(found(router.match(.get, "/api/patients"), at: "/api/patients") == "GET /api/patients")
        #expect(found(router.match(.get, "/api/patients/"), at: "/api/patients/") == "GET /api/patients")
    }

    @Test func `a literal is preferred to a parameter, and given up where it leads nowhere`() throws {
        let router = try router(
            (.get, "/a/{x}"), (.get, "/a/fixed"), (.get, "/a/{x}/deep"), (.get, "/a/fixed/other"))
        #expect(found(router.match(.get, "/a/fixed"), at: "/a/fixed") == "GET /a/fixed")
        #expect(found(router.match(.get, "/a/7"), at: "/a/7") == "GET /a/{x} x=7")
        #expect(found(router.match(.get, "/a/fixed/deep"), at: "/a/fixed/deep") == "GET /a/{x}/deep x=fixed")
    }

    @Test func `parameters carry the names of the path they belong to`() throws {
        let router = try router((.get, "/a/{x}/b/{y}"), (.delete, "/a/{id}/b/{other}"))
        #expect(found(router.match(.get, "/a/1/b/2"), at: "/a/1/b/2") == "GET /a/{x}/b/{y} x=1 y=2")
        #expect(found(router.match(.delete, "/a/1/b/2"), at: "/a/1/b/2") == "DELETE /a/{id}/b/{other} id=1 other=2")
    }

    @Test func `another method at a known path tells which are allowed`() throws {
        let router = try router((.get, "/a/{x}"), (.delete, "/a/{x}"), (.put, "/a/fixed"))
        guard case .wrongMethod(let outright) = router.match(.get, "/a/fixed"),
            case .wrongMethod(let other) = router.match(.post, "/a/7")
        else {
            Issue.record("found")
            return
        }
        // What is named outright allows what it has itself, not what its namesakes have.
        #expect(outright == [.put])
        #expect(other == [.delete, .get])
    }

    @Test func `HEAD is served where GET is`() throws {
        #expect(found(try router((.get, "/a")).match(.head, "/a")) == "GET /a")
    }

    @Test func `an unknown path is unknown, whatever stands around it`() throws {
        let router = try router((.get, "/a/b/c"))
        for path in ["/", "/a", "/a/b", "/a/b/c/d", "/A/b/c", "/x"] {
            guard case .unknown = router.match(.get, path) else {
                Issue.record("\(path) was found")
                continue
            }
        }
    }

    @Test func `a parameter may have a literal beginning and end`() throws {
        let router = try router(
            (.get, "/c/{token}.ics"), (.get, "/c/{id}"), (.get, "/c/all.ics"), (.get, "/d/v{n}/x"), (.delete, "/c/{id}")
        )
        #expect(found(router.match(.get, "/c/a.b.ics"), at: "/c/a.b.ics") == "GET /c/{token}.ics token=a.b")
        #expect(found(router.match(.get, "/c/all.ics"), at: "/c/all.ics") == "GET /c/all.ics")
        #expect(found(router.match(.get, "/c/7"), at: "/c/7") == "GET /c/{id} id=7")
        #expect(found(router.match(.get, "/d/v12/x"), at: "/d/v12/x") == "GET /d/v{n}/x n=12")
        // Nothing stands before the end: that is no token.
        #expect(found(router.match(.get, "/c/.ics"), at: "/c/.ics") == "GET /c/{id} id=.ics")
        guard case .wrongMethod([.get]) = router.match(.delete, "/c/a.ics") else {
            Issue.record("what is named by its end has the methods of that")
            return
        }
    }

    @Test func `two parameters that some segment could be both of are refused`() {
        for (one, other) in [("{a}.ics", "{b}.ics"), ("{a}.ics", "{b}s"), ("v{a}", "{b}.ics"), ("v{a}", "vx{b}")] {
            #expect(throws: RouteClash.self) { try router((.get, "/a/\(one)/b"), (.get, "/a/\(other)/b")) }
        }
        #expect(throws: Never.self) {
            try router((.get, "/a/{a}.ics"), (.delete, "/a/{b}.ics"), (.get, "/a/{a}.pdf"), (.get, "/a/{b}"))
        }
    }

    @Test(arguments: ["/a/{", "/a/}", "/a/{}", "/a/{b}{c}", "/a/{b", "/a/}b{", "/a/{b}/{b}", "/a/{{b}}"])
    func `a template that says nothing clear is none`(text: String) {
        #expect(PathTemplate.segments(text) == nil)
    }

    @Test func `a path is filled and read by the same template`() {
        let template = PathTemplate("/api/calendar/{token}.ics")
        #expect(template.description == "/api/calendar/{token}.ics")
        #expect(template.filled(["abc"]) == "/api/calendar/abc.ics")
        #expect(template.parameters(in: "/api/calendar/abc.ics").map(\.value) == ["abc"])
    }

    @Test func `two declarations of one route are refused, whatever their parameters are called`() {
        #expect(throws: RouteClash.self) { try router((.get, "/a/{x}"), (.get, "/a/{y}")) }
        #expect(throws: Never.self) { try router((.get, "/a/{x}"), (.get, "/a/b"), (.post, "/a/{x}")) }
    }

    @Test(arguments: ServiceName.allCases)
    func `no service's own endpoints clash`(service: ServiceName) {
        #expect(throws: Never.self) { try Router(Catalogue.owned(by: service).map { ($0.verb, $0.path, $0.name) }) }
    }

    @Test func `what the gateway routes has no clash`() {
        let open = Catalogue.all.filter { if case .services = $0.access { false } else { true } }
        #expect(throws: Never.self) { try Router(open.map { ($0.verb, $0.path, $0.name) }) }
    }
}
