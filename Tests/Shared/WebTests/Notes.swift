import API
import Forms
import HTTP
import JSON
import Kernel
import Observability
import Web

/// A small service of notes, declared as ours are: what the tests of this module ask.
enum NotesAPI {
    static let add = Endpoint(
        .post, "/api/notes", "addNote", of: .registry, for: .authenticated, takes: NoteBody.self,
        gives: Created<NoteView>.self, says: "Note added.", summary: "Add a note", tag: "Notes",
        heading: "Note validation failed", refuses: [.duplicate])
    static let list = Endpoint(
        .get, "/api/notes", "listNotes", of: .registry, for: .anyone, takes: NotesQuery.self,
        gives: Listing<NoteView>.self, says: "Notes retrieved.", summary: "List notes", tag: "Notes")
    static let find = Endpoint(
        .get, "/api/notes/{id}", "findNote", of: .registry, for: .authenticated, takes: ByID<EventRecord>.self,
        gives: Item<NoteView>.self, says: "Note retrieved.", summary: "One note", tag: "Notes", refuses: [.notFound])
    static let change = Endpoint(
        .patch, "/api/notes/{id}", "changeNote", of: .registry, for: .roles([.doctor]),
        takes: WithID<EventRecord, Patch<NoteBody>>.self, gives: Item<NoteView>.self, says: "Note changed.",
        summary: "Change a note", tag: "Notes", validation: .unprocessable)
    static let remove = Endpoint(
        .delete, "/api/notes/{id}", "removeNote", of: .registry, for: .authenticated, takes: ByID<EventRecord>.self,
        gives: Done.self, says: "Note removed.", summary: "Remove a note", tag: "Notes")
    static let token = Endpoint(
        .get, "/api/notes/token", "noteToken", of: .registry, for: .services([.gateway]), gives: Bare<NoteView>.self,
        says: "", summary: "Bare", tag: "Notes")
    static let members = Endpoint(
        .get, "/api/notes/members", "noteMembers", of: .registry, for: .anyone, gives: Members<NoteView>.self, says: "",
        summary: "Members", tag: "Notes", cachedFor: 300)

    static let declarations = [
        add.declaration, list.declaration, find.declaration, change.declaration, remove.declaration, token.declaration,
        members.declaration,
    ]
}

struct NoteBody: Input {
    static let form = Form(.text("title", 1...20), .optional(.text("text", 0...200)))
    static var properties: [Schema.Property] { form.properties }
    static var example: JSONValue? { ["title": "Milk"] }
    let title: String
    let text: String?

    init(_ source: Source) throws(Problem) { (title, text) = try Self.form.read(source) }
}

struct NotesQuery: Input {
    static let form = Form(.page, .optional(.text("search", 0...50, in: .query)))
    static var properties: [Schema.Property] { form.properties }
    let page: PageRequest
    let search: String?

    init(_ source: Source) throws(Problem) { (page, search) = try Self.form.read(source) }
}

struct NoteView: View {
    let title: String
    let text: String?
    static let shape = Shape<NoteView>("Note", .text("title") { $0.title }, .maybe("text") { $0.text })
}

/// The service, with a clock and a gateway of its own.
struct Notes {
    struct GivenClock: WallClock { var now = Instant(seconds: 1_760_000_000) }

    static let master = Secret("a master secret of more than 32 bytes")
    static let id = "0199a3c4-0000-7000-8000-000000000001"
    static let doctor = Caller(
        account: .init(high: 1, low: 2), role: .doctor, tenant: .init(high: 3, low: 4), session: .init(high: 5, low: 6))
    static let staff = Caller(account: .init(high: 1, low: 3), role: .staff, session: .init(high: 5, low: 7))

    let handler: ServiceHandler

    init(_ metrics: Metrics = Metrics()) throws {
        var routes = Routes()
        routes.serve(NotesAPI.add) { input, call in
            if input.title == "Taken" { throw Problem.duplicate("title", "A note with this title already exists.") }
            if input.title == "Broken" { throw Unexpected() }
            if input.title == "Again" { throw Replay(Answered(.nothing).response(to: call)) }
            return Created(NoteView(title: input.title, text: input.text), at: "/api/notes/\(Notes.id)", version: 1)
        }
        routes.serve(NotesAPI.list) { input, _ in
            Listing(Page(items: [NoteView(title: "A", text: nil)], total: 5), asked: input.page)
        }
        routes.serve(NotesAPI.find) { _, _ in Item(NoteView(title: "Milk", text: nil), version: 12) }
        routes.serve(NotesAPI.change) { input, call in
            try call.condition.check(12)
            let body = try input.body.applied(to: ["title": "Milk", "text": "two litres"])
            return Item(NoteView(title: body.title, text: body.text), version: 13)
        }
        routes.serve(NotesAPI.remove) { _, _ in Done() }
        routes.serve(NotesAPI.token) { _, _ in Bare(NoteView(title: "T", text: nil)) }
        routes.serve(NotesAPI.members) { _, _ in Members(NoteView(title: "T", text: nil)) }
        handler = try ServiceHandler(
            .registry, routes: routes,
            verifier: PrincipalVerifier(
                .registry, keys: PairKeys(master: Self.master, of: .registry), clock: GivenClock()),
            metrics: metrics)
    }

    struct Unexpected: Error {}

    static func signer(_ name: ServiceName = .gateway, at clock: GivenClock = GivenClock()) throws -> PrincipalSigner {
        PrincipalSigner(name, keys: try PairKeys(master: master, of: name), clock: clock)
    }

    static func principal(_ caller: Caller?) -> Principal {
        Principal(
            caller: caller, requestID: "request-1", clientAddress: "192.0.2.7", baseURL: "https://praxis.example",
            userAgent: "tests")
    }

    /// The answer as the gateway would get it.
    func ask(
        _ method: Method, _ target: String, by caller: Caller? = Notes.staff, _ fields: Headers = [:],
        body: String? = nil, from sender: ServiceName = .gateway
    ) async throws -> Answer {
        var headers = fields
        _ = try Self.signer(sender)
            .sign(Self.principal(caller), to: .registry, method: method.rawValue, target: target, into: &headers)
        if body != nil, headers["Content-Type"] == nil { headers.add("Content-Type", "application/json") }
        return Answer(
            await handler.answer(try Request(method, target, headers: headers, body: Array((body ?? "").utf8))))
    }

    struct Answer {
        let status: Int
        let headers: Headers
        let text: String

        init(_ response: Response) {
            status = response.status.code
            headers = response.headers
            if case .bytes(let bytes) = response.body {
                text = String(decoding: bytes, as: UTF8.self)
            } else {
                text = ""
            }
        }

        var json: JSONValue? { try? JSONReader.read(Array(text.utf8)) }
    }
}
