import API
import HTTP
import Kernel
import Lifecycle
import Observability

/// Thrown where one range of a file is asked for and nothing of the file lies in it.
struct UnsatisfiableRange: Error {
    let length: Int

    var problem: Problem { Problem(.rangeNotSatisfiable, "The file has \(length) bytes.") }
}

/// A file as an answer: whole, in part, or not at all when the client has it.
struct DownloadEncoder {
    private let file: Download

    init(_ file: Download) { self.file = file }

    private var tag: String { "\"\(file.tag)\"" }

    /// `HEAD` is answered as a `GET` for the whole.
    func response(to request: Request) throws(UnsatisfiableRange) -> Response {
        if EntityTag.isCurrent(tag, ifNoneMatch: request.headers["if-none-match"]) {
            return Response(.notModified, headers: ["ETag": tag])
        }
        switch range(request) {
        case .whole: return whole
        case .unsatisfiable: throw UnsatisfiableRange(length: file.length)
        case .part(let range):
            var headers = headers
            headers.add("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.length)")
            return Response(Status(206), headers: headers, body: body(range))
        }
    }

    var whole: Response { Response(.ok, headers: headers, body: body(0..<file.length)) }

    /// A range of other bytes than the client has is of no use to it: it gets all (`If-Range`, compared strongly).
    private func range(_ request: Request) -> ByteRange {
        guard request.method == .get else { return .whole }
        if let known = request.headers["if-range"], known != tag { return .whole }
        return ByteRange(request.headers["range"], length: file.length)
    }

    /// The gateway adds `nosniff`; the sandbox keeps a file that is opened all the same from acting in our name.
    private var headers: Headers {
        [
            "Content-Type": file.mediaType, "Content-Disposition": ContentDisposition.attachment(file.name),
            "Accept-Ranges": "bytes", "ETag": tag, "Cache-Control": "no-store",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        ]
    }

    private func body(_ range: Range<Int>) -> MessageBody {
        if range.isEmpty { return .none }
        let (file, task) = (file, TaskContext.current)
        return .stream(length: range.count) { writer in
            // What breaks off behind its head was answered, and is not asked again by who passes it on.
            writer.flush()
            try await TaskContext.$current.withValue(task) {
                do {
                    try await file.read(range) { try await writer.write($0) }
                } catch {
                    log.warning("a download broke off", ["error": String(describing: type(of: error))])
                    throw error
                }
            }
        }
    }
}
