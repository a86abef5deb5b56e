import API
import HTTP
import JSON
import Testing

/// The words on the wire, byte for byte: what a frontend was built against.
@Suite struct AnswerTests {
    private let plain: Headers = ["Accept": "application/json; profile=plain"]

    @Test func `an item stands in its envelope, or alone`() async throws {
        let notes = try Notes()
        let enveloped = try await notes.ask(.get, "/api/notes/\(Notes.id)")
        #expect(enveloped.status == 200)
        #expect(
            enveloped.text == #"{"success":true,"message":"Note retrieved.","data":{"title":"Milk","text":null}}"#)
        #expect(enveloped.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(enveloped.headers["ETag"] == "\"v12\"")
        let alone = try await notes.ask(.get, "/api/notes/\(Notes.id)/", plain)
        #expect(alone.text == #"{"title":"Milk","text":null}"#)
        #expect(alone.headers["ETag"] == "\"v12-p\"")
        #expect(alone.headers["Vary"] == "Accept")
    }

    @Test func `what was created has its location`() async throws {
        let answer = try await Notes().ask(.post, "/api/notes", body: #"{"title":" Milk ","unknown":1}"#)
        #expect(answer.status == 201)
        #expect(answer.text == #"{"success":true,"message":"Note added.","data":{"title":"Milk","text":null}}"#)
        #expect(answer.headers["Location"] == "/api/notes/\(Notes.id)")
        #expect(answer.headers["ETag"] == "\"v1\"")
    }

    @Test func `a list tells its count and neighbours, in the body and in Link`() async throws {
        let answer = try await Notes().ask(.get, "/api/notes?search=a%20b&page=2&page_size=2")
        #expect(
            answer.text
                == #"{"success":true,"message":"Notes retrieved.","count":5,"#
                + #""next":"https://praxis.example/api/notes?search=a%20b&page=3&page_size=2","#
                + #""previous":"https://praxis.example/api/notes?search=a%20b&page=1&page_size=2","#
                + #""data":[{"title":"A","text":null}]}"#)
        #expect(
            answer.headers["Link"]
                == "<https://praxis.example/api/notes?search=a%20b&page=1&page_size=2>; rel=\"first\", "
                + "<https://praxis.example/api/notes?search=a%20b&page=1&page_size=2>; rel=\"prev\", "
                + "<https://praxis.example/api/notes?search=a%20b&page=3&page_size=2>; rel=\"next\"")
    }

    @Test func `a plain list is a page of results`() async throws {
        let answer = try await Notes().ask(.get, "/api/notes", plain)
        #expect(answer.text == #"{"count":5,"next":null,"previous":null,"results":[{"title":"A","text":null}]}"#)
    }

    @Test func `nothing is a message, or 204 in the plain profile`() async throws {
        let notes = try Notes()
        let enveloped = try await notes.ask(.delete, "/api/notes/\(Notes.id)")
        #expect((enveloped.status, enveloped.text) == (200, #"{"success":true,"message":"Note removed.","data":null}"#))
        let plain = try await notes.ask(.delete, "/api/notes/\(Notes.id)", plain)
        #expect((plain.status, plain.text) == (204, ""))
        #expect(plain.headers["Content-Type"] == nil)
    }

    @Test func `a bare object has no envelope, members stand beside success`() async throws {
        let notes = try Notes()
        #expect(try await notes.ask(.get, "/api/notes/token").text == #"{"title":"T","text":null}"#)
        #expect(try await notes.ask(.get, "/api/notes/members").text == #"{"success":true,"title":"T","text":null}"#)
        #expect(try await notes.ask(.get, "/api/notes/members", plain).text == #"{"title":"T","text":null}"#)
    }

    @Test func `only what is declared so may be kept by anyone`() async throws {
        let notes = try Notes()
        #expect(try await notes.ask(.get, "/api/notes/members").headers["Cache-Control"] == "public, max-age=300")
        #expect(try await notes.ask(.get, "/api/notes/token").headers["Cache-Control"] == nil)
    }

    @Test func `what the client has already is not sent again`() async throws {
        let notes = try Notes()
        for tag in ["\"v12\"", "W/\"v12\"", "\"v1\", \"v12\"", "*"] {
            let answer = try await notes.ask(.get, "/api/notes/\(Notes.id)", ["If-None-Match": tag])
            #expect((answer.status, answer.text) == (304, ""), "\(tag)")
            #expect(answer.headers["ETag"] == "\"v12\"")
        }
        // The other profile's bytes are others.
        let other = try await notes.ask(.get, "/api/notes/\(Notes.id)", ["If-None-Match": "\"v12-p\""])
        #expect(other.status == 200)
    }

    @Test func `a change on an older version is refused`() async throws {
        let notes = try Notes()
        for (tag, status) in [
            ("\"v12\"", 200), ("\"v12-p\"", 200), ("*", 200), ("\"v11\"", 412), ("W/\"v12\"", 412), ("x", 412),
        ] {
            let answer = try await notes.ask(
                .patch, "/api/notes/\(Notes.id)", by: Notes.doctor, ["If-Match": tag], body: #"{"text":null}"#)
            #expect(answer.status == status, "\(tag)")
        }
        let changed = try await notes.ask(
            .patch, "/api/notes/\(Notes.id)", by: Notes.doctor, ["Content-Type": "application/merge-patch+json"],
            body: #"{"text":null}"#)
        #expect(changed.json?["data"] == ["title": "Milk", "text": nil])
    }

    @Test func `a kept answer says that it is one`() async throws {
        let answer = try await Notes().ask(.post, "/api/notes", body: #"{"title":"Again"}"#)
        #expect(answer.status == 200)
        #expect(answer.headers["Idempotency-Replayed"] == "true")
    }
}
