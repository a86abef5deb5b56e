import API
import Crypto
import Events
import Gateway
import HTTP
import JSON
import Kernel
import Lifecycle
import Testing
import Web

@Suite struct GatewayHandlerTests {
    @Test func `a request with a good token reaches its owner under a principal only the owner can check`() async throws
    {
        try await GatewayFixture.with { fixture in
            let token = try fixture.token()
            let answer = try await fixture.ask(
                .get, "/api/patients/?search=a%20b",
                ["Authorization": "Bearer \(token)", "X-Praxis-Principal": "forged"])
            #expect(answer.status == 200)
            let request = try #require(fixture.seen.withLock { $0.first })
            #expect(String(decoding: request.rawTarget, as: UTF8.self) == "/api/patients/?search=a%20b")
            #expect(request.headers["authorization"] == nil)
            #expect(request.headers.values("x-praxis-principal").count == 1)
            let verifier = PrincipalVerifier(
                .registry, keys: try PairKeys(master: GatewayFixture.master, of: .registry), clock: fixture.clock)
            let (sender, principal) = try verifier.verify(
                request.headers["x-praxis-principal"], method: "GET", target: "/api/patients/?search=a%20b")
            #expect(sender == .gateway)
            #expect(principal.caller?.account == ID(high: 1, low: 1) && principal.caller?.role == .staff)
            #expect(principal.baseURL == "http://localhost:8000")
            #expect(throws: PrincipalVerifier.Refusal.notSigned) {
                try verifier.verify(request.headers["x-praxis-principal"], method: "DELETE", target: "/api/patients/")
            }
        }
    }

    @Test func `no token is 401 with a challenge, and nobody behind hears of it`() async throws {
        try await GatewayFixture.with { fixture in
            let answer = try await fixture.ask(.get, "/api/patients")
            #expect(answer.status == 401)
            #expect(answer.json?["code"]?.string == "not_authenticated")
            #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
            #expect(fixture.seen.withLock { $0.isEmpty })
        }
    }

    @Test func `a token is known by the whole of it: another signature under the same words is refused`() async throws {
        try await GatewayFixture.with { fixture in
            let token = try fixture.token()
            #expect(try await fixture.ask(.get, "/api/patients", ["Authorization": "Bearer \(token)"]).status == 200)
            let other = try fixture.token(ID(high: 9, low: 9))
            let parts = token.split(separator: "."), signature = other.split(separator: ".")[2]
            for bad in ["\(parts[0]).\(parts[1]).\(signature)", "\(parts[0]).\(parts[1]).", token + "A", "\(token), x"]
            {
                let answer = try await fixture.ask(.get, "/api/patients", ["Authorization": "Bearer \(bad)"])
                #expect(answer.status == 401, "\(bad)")
            }
            var twice: Headers = ["Authorization": "Bearer \(token)"]
            twice.add("Authorization", "Bearer \(token)")
            #expect(try await fixture.ask(.get, "/api/patients", twice).status == 401)
        }
    }

    @Test func `a token expires by the clock, even one that was known`() async throws {
        try await GatewayFixture.with { fixture in
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200)
            fixture.clock.advance(by: .seconds(900 + 31))
            #expect(try await fixture.ask(.get, "/api/patients", fields).status == 401)
        }
    }

    @Test func `a session that ended is refused from the moment it is heard of`() async throws {
        try await GatewayFixture.with { fixture in
            let session = ID<Session>(high: 7, low: 7), account = ID<Account>(high: 1, low: 1)
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token(account, session: session))"]
            #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200)
            fixture.revoked.revoke([session])
            let answer = try await fixture.ask(.get, "/api/patients", fields)
            #expect(answer.status == 401 && answer.json?["code"]?.string == "invalid_token")
        }
    }

    @Test func `the role is looked at before anyone is asked`() async throws {
        try await GatewayFixture.with { fixture in
            let staff: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            let answer = try await fixture.ask(.get, "/api/admin/users", staff)
            #expect(answer.status == 403 && answer.json?["code"]?.string == "forbidden")
        }
    }

    @Test func `who must set up a second factor reaches that and nothing else, the second time too`() async throws {
        try await GatewayFixture.with { fixture in
            let bound: Headers = ["Authorization": "Bearer \(try fixture.token(role: .admin, isEnrolling: true))"]
            for _ in 0..<2 {
                for target in ["/api/patients", "/api/admin/users", "/api/auth/sessions"] {
                    let answer = try await fixture.ask(.get, target, bound)
                    #expect(
                        answer.status == 403 && answer.json?["code"]?.string == "second_factor_required", "\(target)")
                }
                // The stand-in of identity knows neither; what matters is that it was asked.
                for target in ["/api/auth/mfa", "/api/auth/me"] {
                    #expect(try await fixture.ask(.get, target, bound).status == 404, "\(target)")
                }
            }
            #expect(fixture.seen.withLock { $0.isEmpty })
            let free: Headers = ["Authorization": "Bearer \(try fixture.token(role: .admin))"]
            #expect(try await fixture.ask(.get, "/api/patients", free).status == 200)
        }
    }

    @Test func `who must choose a password first reaches that and nothing else`() async throws {
        try await GatewayFixture.with { fixture in
            let bound: Headers = [
                "Authorization": "Bearer \(try fixture.token(role: .doctor, mustChangePassword: true))"
            ]
            for target in ["/api/patients", "/api/doctors", "/api/auth/sessions", "/api/auth/mfa"] {
                let answer = try await fixture.ask(.get, target, bound)
                #expect(
                    answer.status == 403 && answer.json?["code"]?.string == "password_change_required", "\(target)")
            }
            // The stand-in of identity knows none of them; what matters is that it was asked.
            for target in ["/api/auth/me", "/api/accounts/me"] {
                #expect(try await fixture.ask(.get, target, bound).status == 404, "\(target)")
            }
        }
    }

    @Test func `what is open to everybody is shown to whom a token opens nothing yet as to nobody`() async throws {
        try await GatewayFixture.with { fixture in
            let tokens = [
                try fixture.token(role: .admin, isEnrolling: true),
                try fixture.token(role: .doctor, mustChangePassword: true), try fixture.token(role: .admin),
            ]
            // The second time a token is known, and the request may go the short way.
            for token in tokens {
                for _ in 0..<2 {
                    _ = try await fixture.ask(.get, "/api/hospitals", ["Authorization": "Bearer \(token)"])
                }
            }
            let verifier = PrincipalVerifier(
                .registry, keys: try PairKeys(master: GatewayFixture.master, of: .registry), clock: fixture.clock)
            let callers = try fixture.seen.withLock { $0 }.map { request in
                try verifier.verify(request.headers["x-praxis-principal"], method: "GET", target: "/api/hospitals")
                    .1.caller?.role
            }
            #expect(callers == [nil, nil, nil, nil, .admin, .admin])
        }
    }

    @Test func `unknown paths are 404, wrong methods 405 with what is allowed, and both are enveloped`() async throws {
        try await GatewayFixture.with { fixture in
            let unknown = try await fixture.ask(.get, "/api/nothing")
            #expect(unknown.status == 404 && unknown.json?["success"]?.bool == false)
            #expect(try await fixture.ask(.get, "/internal/revocations").status == 404)
            let wrong = try await fixture.ask(.delete, "/api/patients")
            #expect(wrong.status == 405)
            #expect(wrong.headers["allow"]?.contains("GET") == true && wrong.headers["allow"]?.contains("POST") == true)
        }
    }

    @Test func `every answer carries the security fields, a request id and no store`() async throws {
        try await GatewayFixture.with { fixture in
            for target in ["/api/patients", "/api/nothing", "/docs"] {
                let answer = try await fixture.ask(.get, target, ["X-Request-Id": "my-own-id-1"])
                for (name, value) in SecurityHeaders.standard where name.hasPrefix("X-") || name.hasPrefix("Ref") {
                    #expect(answer.headers.all.contains { $0.name == name && $0.value == value }, "\(target) \(name)")
                }
                #expect(answer.headers["x-request-id"] == "my-own-id-1")
                #expect(answer.headers.values("content-security-policy").count == 1)
                #expect(answer.headers.values("cache-control").count == 1)
            }
            let odd = try await fixture.ask(.get, "/api/patients", ["X-Request-Id": "<script>"])
            #expect(odd.headers["x-request-id"]?.hasPrefix("req-") == true)
        }
    }

    @Test func `a host that is not ours is refused`() async throws {
        try await GatewayFixture.with(environment: ["ALLOWED_HOSTS": "api.example.com"]) { fixture in
            let answer = try await fixture.ask(.get, "/api/patients")
            #expect(answer.status == 400 && answer.json?["code"]?.string == "host_not_allowed")
        }
    }

    @Test func `a preflight from an allowed origin is answered here, another gets no leave`() async throws {
        try await GatewayFixture.with { fixture in
            let asked: Headers = [
                "Origin": "http://localhost:3000", "Access-Control-Request-Method": "PATCH",
                "Access-Control-Request-Headers": "authorization,content-type",
            ]
            let answer = try await fixture.ask(.options, "/api/patients/x", asked)
            #expect(answer.status == 204)
            #expect(answer.headers.values("access-control-allow-origin") == ["http://localhost:3000"])
            #expect(answer.headers["access-control-allow-methods"]?.contains("PATCH") == true)
            #expect(answer.headers["access-control-allow-headers"] == "authorization,content-type")
            let other = try await fixture.ask(
                .options, "/api/patients", ["Origin": "http://evil.example", "Access-Control-Request-Method": "GET"])
            #expect(other.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test func `the eleventh login of an hour is 429 and says when to come back`() async throws {
        try await GatewayFixture.with(environment: ["RATE_LIMIT_LOGIN": "3/1h"]) { fixture in
            for left in [2, 1, 0] {
                let answer = try await fixture.ask(
                    .post, "/api/auth/login", ["X-Forwarded-For": "6.6.6.\(left)"], body: "{}")
                #expect(answer.headers["ratelimit-remaining"] == String(left))
                #expect(answer.headers["ratelimit-policy"] == "\"login\";q=3;w=3600")
            }
            let answer = try await fixture.ask(.post, "/api/auth/login", ["X-Forwarded-For": "6.6.6.9"], body: "{}")
            #expect(answer.status == 429 && answer.json?["code"]?.string == "rate_limited")
            // A developer is told which setting it was; nobody else is.
            #expect(answer.json?["message"]?.string?.hasSuffix("RATE_LIMIT_LOGIN sets this limit.") == true)
            let seconds = try #require(answer.headers["retry-after"].flatMap { Int($0) })
            #expect((3300...3960).contains(seconds))
            fixture.clock.advance(by: .seconds(seconds))
            #expect(try await fixture.ask(.post, "/api/auth/login", body: "{}").status != 429)
        }
    }

    @Test func `with one instance gone its requests go to the other, writes too`() async throws {
        try await GatewayFixture.with(registries: 2) { fixture in
            let fields: Headers = [
                "Authorization": "Bearer \(try fixture.token())", "Content-Type": "application/json",
            ]
            await fixture.stopRegistry(0)
            for _ in 0..<20 {
                #expect(try await fixture.ask(.get, "/api/patients", fields).status == 200)
                #expect(try await fixture.ask(.post, "/api/patients", fields, body: "{}").status == 200)
            }
        }
    }

    @Test func `with all of them gone the answer is 503 with Retry-After, and comes at once`() async throws {
        try await GatewayFixture.with { fixture in
            let fields: Headers = ["Authorization": "Bearer \(try fixture.token())"]
            await fixture.stopRegistry(0)
            for _ in 0..<30 {
                let answer = try await fixture.ask(.get, "/api/patients", fields)
                #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
            }
        }
    }

    @Test func `a service's internal fields and its name stay inside`() async throws {
        try await GatewayFixture.with(registry: { _ in
            Response(
                .ok, headers: ["X-Praxis-Secret": "x", "Server": "inside", "ETag": "\"v1\""],
                body: .bytes([0x7B, 0x7D]))
        }) { fixture in
            let answer = try await fixture.ask(
                .get, "/api/patients", ["Authorization": "Bearer \(try fixture.token())"])
            #expect(answer.headers["x-praxis-secret"] == nil && answer.headers["server"] == nil)
            #expect(answer.headers["etag"] == "\"v1\"")
        }
    }

    @Test func `a body larger than its endpoint allows is refused before it is read`() async throws {
        try await GatewayFixture.with { fixture in
            let answer = try await fixture.ask(
                .post, "/api/patients",
                ["Authorization": "Bearer \(try fixture.token())", "Content-Type": "application/json"],
                body: String(repeating: " ", count: 1_048_577))
            #expect(answer.status == 413)
            #expect(fixture.seen.withLock { $0.isEmpty })
        }
    }

    @Test func `a mail's link opens a page, and looking at it acts on nothing`() async throws {
        try await GatewayFixture.with { fixture in
            let page = try await fixture.ask(.get, "/verify-email?token=abc")
            #expect(page.status == 200 && page.headers["content-type"]?.hasPrefix("text/html") == true)
            #expect(page.headers["content-security-policy"]?.contains("script-src 'self'") == true)
            #expect(page.headers["content-security-policy"]?.contains("unsafe") == false)
            let script = try await fixture.ask(.get, "/static/pages/verify-email.js")
            #expect(script.status == 200 && script.headers["content-type"]?.hasPrefix("text/javascript") == true)
            #expect(try await fixture.ask(.post, "/verify-email", body: "{}").status == 405)
        }
    }
}
