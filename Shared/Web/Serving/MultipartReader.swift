import Forms
import HTTP
import Kernel

/// Reads a request's multipart body as its handler asks for it: at most one part of the wire is kept, and that only
/// until it was taken. What the fingerprint is made of passes by.
final class MultipartReader: PartSource, @unchecked Sendable {
    private let body: RequestBody
    private let fingerprint: RequestFingerprint?
    private var parser: MultipartParser
    private var buffer: [UInt8] = []
    private var index = 0
    private var isInPart = false
    private var isOver = false

    var fileLimit: Int {
        get { parser.limits.file }
        set { parser.limits.file = newValue }
    }

    /// Throws 415 for what is no multipart/form-data.
    init(_ request: Request, _ fingerprint: RequestFingerprint?) throws(Problem) {
        body = request.body
        self.fingerprint = fingerprint
        let boundary: MultipartBoundary?
        do throws(MultipartFault) {
            boundary = try MultipartBoundary(contentType: request.headers["content-type"] ?? "")
        } catch {
            throw Problem(error)
        }
        guard let boundary else { throw Problem(.unsupportedMediaType, "The body must be multipart/form-data.") }
        parser = MultipartParser(boundary)
    }

    func nextPart() async throws(Problem) -> Part? {
        while isInPart { _ = try await nextBytes() }
        if isOver { return nil }
        switch try await step() {
        case .part(let head):
            isInPart = true
            fingerprint?.beginPart(name: head.name, fileName: head.fileName)
            return Part(name: head.name, fileName: head.fileName, contentType: head.contentType)
        default:
            try await passOverRest()
            return nil
        }
    }

    func nextBytes() async throws(Problem) -> [UInt8]? {
        guard isInPart else { return nil }
        guard case .data(let range) = try await step() else {
            isInPart = false
            fingerprint?.endPart()
            return nil
        }
        let bytes = Array(buffer[range])
        fingerprint?.add(bytes)
        return bytes
    }

    /// What stands behind the last boundary; the body must end with it.
    private func passOverRest() async throws(Problem) {
        repeat { _ = try parse() } while try await readMore()
        do throws(MultipartFault) { try parser.finish() } catch { throw Problem(error) }
        isOver = true
        fingerprint?.end()
    }

    /// The next event that says something.
    private func step() async throws(Problem) -> MultipartEvent {
        while true {
            let event = try parse()
            guard event == .needsMore else { return event }
            guard try await readMore() else { throw Problem(MultipartFault.cutShort) }
        }
    }

    private func parse() throws(Problem) -> MultipartEvent {
        let bytes = buffer
        do throws(MultipartFault) { return try parser.next(bytes.span, at: &index) } catch { throw Problem(error) }
    }

    private func readMore() async throws(Problem) -> Bool {
        do throws(HTTPFault) {
            guard let more = try await body.next() else { return false }
            buffer = index == buffer.count ? more : buffer[index...] + more
            index = 0
            return true
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    init(_ fault: MultipartFault) {
        switch fault {
        case .fileTooLarge: self.init(.payloadTooLarge, "The file is too large.")
        case _ where fault.isExcess:
            self.init(.payloadTooLarge, "The body is more than is taken: \(fault.rawValue).")
        default: self.init(.malformedMultipart, "The body is not valid multipart/form-data: \(fault.rawValue).")
        }
    }
}
