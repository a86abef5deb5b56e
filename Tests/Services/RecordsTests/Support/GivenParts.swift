import API
import Forms
import Kernel
import Lifecycle
import TestSupport
import Web

/// A multipart body as a test gives it: fields, and a file that comes in pieces.
final class GivenParts: PartSource, @unchecked Sendable {
    enum Given {
        case field(String, String)
        case file(String, [UInt8])
        /// Something that happens while the body comes.
        case meanwhile(@Sendable () async -> Void)
    }

    var fileLimit = Int.max
    private var rest: [Given]
    private var bytes: [UInt8] = []
    private var taken = 0
    private var isFile = false

    init(_ parts: [Given]) { rest = parts }

    func nextPart() async throws(Problem) -> Part? {
        if rest.isEmpty { return nil }
        taken = 0
        switch rest.removeFirst() {
        case .field(let name, let value):
            bytes = Array(value.utf8)
            isFile = false
            return Part(name: name, fileName: nil, contentType: nil)
        case .meanwhile(let work):
            await work()
            return try await nextPart()
        case .file(let name, let content):
            bytes = content
            isFile = true
            return Part(name: "file", fileName: name, contentType: "text/html")
        }
    }

    func nextBytes() async throws(Problem) -> [UInt8]? {
        if bytes.isEmpty { return nil }
        let piece = Array(bytes.prefix(50_000))
        bytes.removeFirst(piece.count)
        taken += piece.count
        if isFile, taken > fileLimit { throw Problem(.payloadTooLarge, "The file is too large.") }
        return piece
    }
}

extension World {
    static let pdf = Array("%PDF-1.7\n".utf8) + (0..<150_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    /// Uploads a file; what is not named is as it should be.
    func upload(
        _ name: String = "scan.pdf", _ content: [UInt8] = World.pdf, as caller: Caller? = nil,
        to patient: ID<Patient>? = nil,
        by visit: ID<Appointment>? = nil,
        fields: [(String, String)] = [("title", "Blood count"), ("report_type", "lab")],
        key: String? = nil
    ) async throws -> Heard {
        var parts = fields.map { GivenParts.Given.field($0.0, $0.1) }
        parts.insert(.file(name, content), at: min(1, parts.count))
        return try await hear(
            "uploadReport", as: caller ?? ada, path: (patient ?? adasRecord).description,
            query: visit.map { [(name: "appointment_id", value: $0.description)] } ?? [], parts: parts, key: key)
    }

    /// Asks an endpoint that names something in its path.
    func hear(
        _ name: String, as caller: Caller, path id: String? = nil, query: [(name: String, value: String)] = [],
        parts: [GivenParts.Given]? = nil, key: String? = nil
    ) async throws -> Heard {
        guard let route = routes[name] else { throw Problem(.internalError, "no route \(name)") }
        let source = Source(
            path: id.map { [(name: "id", value: $0)] } ?? [], query: query, parts: parts.map { GivenParts($0) },
            now: clock.now)
        return try Heard(try await route.answer(source, .test(route.declaration, by: caller, key: key)))
    }

    func download(_ id: String, as caller: Caller, _ part: Range<Int>? = nil) async throws -> (Download, [UInt8]) {
        try await download("downloadReport", [(name: "id", value: id)], as: caller, part)
    }

    func download(
        _ name: String, _ path: [(name: String, value: String)], as caller: Caller, _ part: Range<Int>? = nil
    ) async throws -> (Download, [UInt8]) {
        guard let route = routes[name] else { throw Problem(.internalError, "no route \(name)") }
        let source = Source(path: path, now: clock.now)
        let answer = try await route.answer(source, .test(route.declaration, by: caller))
        guard case .download(let file) = answer.content else { throw Problem(.internalError, "no download") }
        let bytes = Locked<[UInt8]>([])
        try await file.read(part ?? 0..<file.length) { more in bytes.withLock { $0 += more } }
        return (file, bytes.withLock { $0 })
    }
}
