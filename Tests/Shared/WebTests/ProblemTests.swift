import API
import HTTP
import JSON
import Kernel
import Testing
import Web

@Suite struct ProblemTests {
    @Test func `all wrong fields are told at once, under the endpoint's own heading`() async throws {
        let answer = try await Notes().ask(.post, "/api/notes", body: #"{"text":7}"#)
        #expect(answer.status == 400)
        #expect(answer.json?["success"] == false)
        #expect(answer.json?["message"] == "Note validation failed")
        #expect(answer.json?["code"] == "validation_failed")
        #expect(answer.json?["request_id"] == "request-1")
        #expect(answer.json?["errors"]?["title"] == ["This field is required."])
        #expect(answer.json?["errors"]?["text"]?.array?.count == 1)
    }

    @Test func `the plain profile tells the fields alone, or a detail`() async throws {
        let notes = try Notes()
        let plain: Headers = ["Accept": "application/json;profile=plain"]
        let fields = try await notes.ask(.post, "/api/notes", plain, body: "{}")
        #expect(fields.text == #"{"title":["This field is required."]}"#)
        let detail = try await notes.ask(.get, "/api/nothing", plain)
        #expect((detail.status, detail.text) == (404, #"{"detail":"Not found."}"#))
    }

    @Test func `a problem can be had as RFC 9457 words it`() async throws {
        let answer = try await Notes().ask(
            .post, "/api/notes", ["Accept": "application/problem+json"], body: #"{"title":"Taken"}"#)
        #expect(answer.status == 409)
        #expect(answer.headers["Content-Type"] == "application/problem+json; charset=utf-8")
        #expect(
            answer.text
                == #"{"type":"https://praxis.example/docs/problems#duplicate","title":"Duplicate","status":409,"#
                + #""detail":"A note with this title already exists.","code":"duplicate","#
                + #""errors":{"title":["A note with this title already exists."]},"request_id":"request-1"}"#)
    }

    @Test func `field faults are 422 where the document says so`() async throws {
        let answer = try await Notes().ask(
            .patch, "/api/notes/\(Notes.id)", by: Notes.doctor, body: #"{"title":null}"#)
        #expect(answer.status == 422)
    }

    @Test(arguments: [
        ("", "application/json", 400, "validation_failed"), ("{", "application/json", 400, "malformed_json"),
        ("[1]", "application/json", 400, "malformed_json"),
        (#"{"a":1,"a":2}"#, "application/json", 400, "malformed_json"),
        ("{}", "text/plain", 415, "unsupported_media_type"),
        ("{}", "application/merge-patch+json", 415, "unsupported_media_type"),
        ("{}", "application/json; charset=latin1", 415, "unsupported_media_type"),
        (#"{"title":"A"}"#, "application/json; charset=UTF-8", 201, ""),
        (
            #"{"title":""# + String(repeating: "x", count: 1_100_000) + "\"}", "application/json", 413,
            "payload_too_large"
        ),
    ])
    func `a body is taken as declared or refused`(body: String, type: String, status: Int, code: String) async throws {
        let answer = try await Notes().ask(.post, "/api/notes", ["Content-Type": type], body: body)
        #expect(answer.status == status)
        #expect(answer.json?["code"]?.string ?? "" == code)
    }

    @Test(arguments: [("gzip", 415), ("Identity", 201)])
    func `a compressed body is refused, whatever its type`(coding: String, status: Int) async throws {
        let answer = try await Notes().ask(
            .post, "/api/notes", ["Content-Type": "application/json", "Content-Encoding": coding],
            body: #"{"title":"A"}"#)
        #expect(answer.status == status)
    }

    @Test func `what nobody expected is told by nothing but its id`() async throws {
        let answer = try await Notes().ask(.post, "/api/notes", body: #"{"title":"Broken"}"#)
        #expect(answer.status == 500)
        #expect(!answer.text.contains("Unexpected"))
        #expect(answer.json?["request_id"] == "request-1")
    }

    @Test func `another method is 405 and names the right ones`() async throws {
        let answer = try await Notes().ask(.put, "/api/notes", body: "{}")
        #expect(answer.status == 405)
        #expect(answer.headers["Allow"] == "GET, HEAD, POST, OPTIONS")
        #expect(answer.json?["code"] == "method_not_allowed")
    }

    @Test(arguments: [
        ("text/html", 406), ("text/html, */*;q=0.1", 200), ("application/*", 200), ("application/json;q=0, */*", 406),
        ("", 200), ("application/problem+json", 200), ("APPLICATION/JSON", 200),
    ])
    func `a client that takes no JSON gets none`(accept: String, status: Int) async throws {
        #expect(try await Notes().ask(.get, "/api/notes", ["Accept": accept]).status == status)
    }

    @Test func `who may not call is told why`() async throws {
        let notes = try Notes()
        let nobody = try await notes.ask(.get, "/api/notes/\(Notes.id)", by: nil)
        #expect(nobody.status == 401)
        #expect(nobody.headers["WWW-Authenticate"] == #"Bearer realm="praxis""#)
        #expect(try await notes.ask(.patch, "/api/notes/\(Notes.id)", by: Notes.staff, body: "{}").status == 403)
        #expect(try await notes.ask(.get, "/api/notes/token", from: .identity).status == 403)
        #expect(try await notes.ask(.get, "/api/notes", by: nil).status == 200)
    }

    @Test func `every code has a status, and the answers their headers`() {
        for code in Problem.Code.allCases { #expect((400...599).contains(code.status())) }
        func headers(_ problem: Problem) -> Headers { ProblemAnswer(problem, requestID: "r").response.headers }
        #expect(headers(.unavailable(retryAfter: 7))["Retry-After"] == "7")
        #expect(headers(Problem(.rateLimited, "Slow down.", retryAfter: 0))["Retry-After"] == "1")
        #expect(headers(Problem(.invalidToken, "No."))["WWW-Authenticate"]?.contains("invalid_token") == true)
        #expect(headers(.notFound)["Retry-After"] == nil)
    }

    @Test func `what never became a request is enveloped too`() {
        for (fault, status, code) in [
            (HTTPFault.message(.badRequestLine), 400, "malformed_request"), (.tooSlow, 408, "request_timeout"),
            (.bodyTooLarge, 413, "payload_too_large"), (.message(.tooManyFields), 431, "headers_too_large"),
            (.message(.targetTooLong), 414, "uri_too_long"), (.message(.unknownMethod), 501, "not_implemented"),
            (.message(.methodNotAllowed), 405, "method_not_allowed"),
            (.message(.unsupportedVersion), 505, "http_version_not_supported"),
        ] {
            let answer = Notes.Answer(ProblemAnswer.refusal(fault))
            #expect(answer.status == status)
            #expect(answer.json?["code"]?.string == code)
            #expect(answer.status == fault.status.code)
        }
    }

    @Test func `a deadline that has passed starts nothing`() async throws {
        let answer = try await Notes().ask(.get, "/api/notes", ["X-Praxis-Deadline": "0"])
        #expect(answer.status == 504)
    }

    @Test func `an idempotency key must be one`() async throws {
        let answer = try await Notes().ask(
            .post, "/api/notes", ["Idempotency-Key": String(repeating: "k", count: 256)], body: #"{"title":"A"}"#)
        #expect(answer.status == 400)
    }
}
