import API
import Forms
import HTTP
import JSON
import Kernel

/// The body of one request as its declaration allows it.
struct BodyReading {
    let bytes: [UInt8]
    let json: JSONValue?

    static let none = BodyReading(bytes: [], json: nil)

    private init(bytes: [UInt8], json: JSONValue?) { (self.bytes, self.json) = (bytes, json) }

    /// Only what a declaration reads is read at all. An empty body is an empty object's lesser brother: every required
    /// field is missing, and told so by the form.
    init(_ request: Request, for declaration: Declaration) async throws(Problem) {
        guard declaration.input.readsBody || declaration.verb == .patch else {
            self = .none
            return
        }
        let bytes: [UInt8]
        do throws(HTTPFault) {
            bytes = try await request.body.collect(upTo: declaration.bodyLimit)
        } catch {
            throw Problem(error)
        }
        if bytes.isEmpty {
            self = .none
            return
        }
        guard let type = request.headers["content-type"], MediaType.isJSON(type, patch: declaration.verb == .patch)
        else {
            throw Problem(.unsupportedMediaType, "The body must be application/json.")
        }
        self.init(bytes: bytes, json: try Self.parse(bytes, limit: declaration.bodyLimit))
    }

    private static func parse(_ bytes: [UInt8], limit: Int) throws(Problem) -> JSONValue {
        var limits = JSONLimits.standard
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
}
