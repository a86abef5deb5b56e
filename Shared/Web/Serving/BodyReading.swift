import API
import Forms
import HTTP
import JSON
import Kernel

/// The body of one request as its declaration allows it: read whole, or ready to be read by the handler.
enum BodyReading {
    case none
    case json(JSONValue)
    case parts(any PartSource)

    /// Only what a declaration reads is read at all. An empty body is read as none: every required field is missing,
    /// and the form says so.
    init(
        _ request: Request, for route: Route, _ fingerprint: RequestFingerprint?
    ) async throws(Problem) {
        let declaration = route.declaration
        request.body.allow(upTo: declaration.bodyLimit, within: declaration.timeLimit.bodyTime)
        if route.bodyForm != .none, let coding = request.headers["content-encoding"],
            coding.lowercased() != "identity"
        {
            throw Problem(.unsupportedMediaType, "The body must not be compressed.")
        }
        switch route.bodyForm {
        case .none: self = .none
        case .json: self = try await Self.json(request, for: declaration, fingerprint)
        case .multipart:
            self = .parts(try MultipartReader(request, fingerprint))
            return
        }
        fingerprint?.end()
    }

    private static func json(
        _ request: Request, for declaration: Declaration, _ fingerprint: RequestFingerprint?
    ) async throws(Problem) -> BodyReading {
        let bytes: [UInt8]
        do throws(HTTPFault) {
            bytes = try await request.body.collect(upTo: declaration.bodyLimit)
        } catch {
            throw Problem(error)
        }
        fingerprint?.add(bytes)
        if bytes.isEmpty { return .none }
        guard let type = request.headers["content-type"], MediaType.isJSON(type, patch: declaration.verb == .patch)
        else {
            throw Problem(.unsupportedMediaType, "The body must be application/json.")
        }
        return .json(try parse(bytes, limit: declaration.bodyLimit))
    }

    private static func parse(_ bytes: [UInt8], limit: Int) throws(Problem) -> JSONValue {
        var limits = JSONLimits.default
        limits.bytes = limit
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONReader.read(bytes, limits: limits)
        } catch {
            throw Problem(
                .malformedJSON, "The body is not valid JSON: \(error.reason.rawValue) at byte \(error.offset).")
        }
        guard case .object = value else { throw Problem(.malformedJSON, "The body must be a JSON object.") }
        return value
    }

    var json: JSONValue? { if case .json(let value) = self { value } else { nil } }
    var parts: (any PartSource)? { if case .parts(let source) = self { source } else { nil } }
}
