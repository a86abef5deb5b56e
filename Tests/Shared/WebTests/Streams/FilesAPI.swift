import API
import Crypto
import Forms
import HTTP
import JSON
import Kernel
import Lifecycle
import Observability
import Web

/// Endpoints that stream, declared as ours are.
enum FilesAPI {
    static let upload = Endpoint(
        .post, "/api/files/{id}", "uploadFile", of: .registry, for: .authenticated,
        takes: WithID<EventRecord, Upload<FileFields>>.self, gives: Created<FileView>.self, says: "File stored.",
        summary: "Store a file", tag: "Files", refuses: [.notFound, .forbidden], bodyLimit: 12_000_000,
        within: .seconds(300))
    static let download = Endpoint(
        .get, "/api/files/{id}/download", "downloadFile", of: .registry, for: .authenticated,
        takes: ByID<EventRecord>.self, gives: Download.self, says: "File sent.", summary: "A file", tag: "Files",
        refuses: [.notFound], within: .seconds(300))
    static let events = Endpoint(
        .get, "/api/events", "events", of: .registry, for: .authenticated, gives: EventStream<NoteView>.self,
        says: "Stream opened.", summary: "Events as they happen", tag: "Files", within: .unlimited)
    static let note = Endpoint(
        .post, "/api/files/note", "fileNote", of: .registry, for: .authenticated, takes: NoteBody.self,
        gives: Bare<TimeView>.self, says: "", summary: "A note", tag: "Files")

    static let declarations = [
        upload.declaration, download.declaration, events.declaration, note.declaration,
    ]
}

struct FileFields: Input {
    static let form = Form(.text("title", 1...20), .optional(.integer("pages", 1...9)))
    static var properties: [Schema.Property] { form.properties }
    static var example: JSONValue? { ["title": "X-ray"] }
    let title: String
    let pages: Int?

    init(_ source: Source) throws(Problem) { (title, pages) = try Self.form.read(source) }
}

struct FileView: View {
    let title: String
    let name: String
    let type: String?
    let size: Int
    let sha256: String
    let fingerprint: String

    static let shape = Shape<FileView>(
        "File", .text("title") { $0.title }, .text("name") { $0.name }, .maybe("type") { $0.type },
        ViewField("size", .integer) { $1.integer(Int64($0.size)) }, .text("sha256") { $0.sha256 },
        .text("fingerprint") { $0.fingerprint })
}

/// Whole seconds until the call's deadline; -1 for none.
struct TimeView: View {
    let seconds: Int
    static let shape = Shape<TimeView>("Time", ViewField("seconds", .integer) { $1.integer(Int64($0.seconds)) })

    init(_ deadline: Deadline) {
        seconds = deadline == .never ? -1 : Int(deadline.remaining().components.seconds)
    }
}

/// What the handlers of a service of files saw.
final class FilesLog: Sendable {
    /// How many bytes each of a file's parts had.
    let chunks = Locked<[Int]>([])
    /// Seconds each call had left; -1 without a deadline.
    let seconds = Locked<[Int]>([])
    let sinks = Locked<[EventSink<NoteView>]>([])
    /// Why streams of events were over.
    let ends = Locked<[EventStreamEnd]>([])
    let closed = Latch()
}
