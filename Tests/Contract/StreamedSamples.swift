import API
import Forms
import JSON
import Kernel

/// An endpoint of each form that streams, for the rules to be proven on while the catalogue has none.
enum StreamedSamples {
    static let upload = Endpoint(
        .post, "/api/samples/{id}/upload", "uploadSample", of: .records, for: .authenticated,
        takes: WithID<EventRecord, Upload<SampleFields>>.self, gives: Bare<SampleView>.self, says: "",
        summary: "Store a file", tag: "Samples", refuses: [.notFound], bodyLimit: 10_551_296, within: .seconds(300))
    static let download = Endpoint(
        .get, "/api/samples/{id}/download", "downloadSample", of: .records, for: .authenticated,
        takes: ByID<EventRecord>.self, gives: Download.self, says: "File sent.", summary: "A file", tag: "Samples",
        refuses: [.notFound], within: .seconds(300))
    static let feed = Endpoint(
        .get, "/api/samples/{id}.ics", "sampleFeed", of: .records, for: .anyone, takes: ByID<EventRecord>.self,
        gives: Download.self, says: "Feed sent.", summary: "A feed", tag: "Samples")
    static let events = Endpoint(
        .get, "/api/samples/events", "sampleEvents", of: .records, for: .authenticated,
        gives: EventStream<SampleView>.self, says: "Stream opened.", summary: "Events", tag: "Samples",
        within: .unlimited)

    static let declarations = [
        upload.declaration, download.declaration, feed.declaration, events.declaration,
    ]
}

struct SampleFields: Input {
    static let form = Form(.text("title", 1...20), .optional(.date("report_date")))
    static var properties: [Schema.Property] { form.properties }
    static var example: JSONValue? { ["title": "X-ray"] }
    let title: String

    init(_ source: Source) throws(Problem) { (title, _) = try Self.form.read(source) }
}

struct SampleView: View {
    let title: String
    static let shape = Shape<SampleView>("Sample", .text("title") { $0.title })
}
