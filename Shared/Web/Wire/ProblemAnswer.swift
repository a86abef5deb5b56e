package import API
package import HTTP
import JSON
package import Kernel

/// A problem on the wire: the one place that knows its status, its headers and its three forms.
package struct ProblemAnswer: Sendable {
    package let problem: Problem
    package var profile: Profile
    package var requestID: String
    /// `https://host` in front of the page that documents the codes; empty leaves the page's address relative.
    package var origin: String
    package var validation: ValidationStatus
    /// What a 405 says is allowed.
    package var allowed: [Verb]
    /// Bytes of the file of which a 416 was asked for too much.
    package var wholeLength: Int?

    package init(
        _ problem: Problem, profile: Profile = .enveloped, requestID: String, origin: String = "",
        validation: ValidationStatus = .badRequest, allowed: [Verb] = [], wholeLength: Int? = nil
    ) {
        self.problem = problem
        self.profile = profile
        self.requestID = requestID
        self.origin = origin
        self.validation = validation
        self.allowed = allowed
        self.wholeLength = wholeLength
    }

    /// A code that was typed into a field, by somebody who is signed in, is a field's fault; one of a login is not.
    package var status: Int {
        let code: Problem.Code =
            problem.code == .otpInvalid && !problem.errors.isEmpty ? .validationFailed : problem.code
        return code.status(validation: validation)
    }

    package var response: Response {
        var headers = Headers(reserving: 256)
        headers.add("Content-Type", profile == .problem ? MediaType.problem : MediaType.json(profile))
        headers.add("Vary", "Accept")
        if status == 401 { headers.add("WWW-Authenticate", challenge) }
        if let seconds = retryAfter { headers.add("Retry-After", String(max(seconds, 1))) }
        if problem.code == .methodNotAllowed {
            headers.add("Allow", Self.methods(allowed).joined(separator: ", "))
        }
        if let wholeLength { headers.add("Content-Range", "bytes */\(wholeLength)") }
        return Response(Status(status), headers: headers, body: .bytes(body))
    }

    /// The methods as `Allow` names them: where there is `GET`, there is `HEAD`; the gateway answers every `OPTIONS`.
    package static func methods(_ verbs: [Verb]) -> [String] {
        verbs.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] } + ["OPTIONS"]
    }

    /// RFC 6750 §3: a token that was refused is named as the reason.
    private var challenge: String {
        problem.code == .invalidToken ? #"Bearer realm="praxis", error="invalid_token""# : #"Bearer realm="praxis""#
    }

    private var retryAfter: Int? {
        if let given = problem.retryAfter { return given }
        switch problem.code {
        case .serviceUnavailable: return 2
        case .requestInProgress: return 1
        default: return nil
        }
    }

    var body: [UInt8] {
        var json = JSONWriter()
        switch profile {
        case .enveloped: writeEnvelope(&json)
        case .plain: writePlain(&json)
        case .problem: writeProblem(&json)
        }
        return json.bytes
    }

    private func writeEnvelope(_ json: inout JSONWriter) {
        json.object {
            $0.field("success", false)
            $0.field("message", problem.message)
            $0.field("code", problem.code.rawValue)
            writeErrors(&$0)
            writeDetails(&$0)
            $0.field("request_id", requestID)
        }
    }

    private func writePlain(_ json: inout JSONWriter) {
        json.object {
            if problem.errors.isEmpty { $0.field("detail", problem.message) } else { writeFields(&$0) }
        }
    }

    /// RFC 9457 §3, with our own members beside.
    private func writeProblem(_ json: inout JSONWriter) {
        json.object {
            $0.field("type", "\(origin)/docs/problems#\(problem.code.rawValue)")
            $0.field("title", problem.code.title)
            $0.field("status", status)
            $0.field("detail", problem.message)
            $0.field("code", problem.code.rawValue)
            writeErrors(&$0)
            writeDetails(&$0)
            $0.field("request_id", requestID)
        }
    }

    /// Only where there are some.
    private func writeDetails(_ json: inout JSONWriter) {
        if problem.details.isEmpty { return }
        json.key("details")
        write(.object(problem.details), to: &json)
    }

    private func write(_ value: ProblemDetails.Value, to json: inout JSONWriter) {
        switch value {
        case .text(let text): json.string(text)
        case .list(let values): json.array { json in for value in values { write(value, to: &json) } }
        case .object(let details):
            json.object { json in
                for member in details.members {
                    json.key(member.key)
                    write(member.value, to: &json)
                }
            }
        }
    }

    private func writeErrors(_ json: inout JSONWriter) {
        json.object("errors") { writeFields(&$0) }
    }

    private func writeFields(_ json: inout JSONWriter) {
        for fault in problem.errors {
            json.key(fault.field)
            json.array { for message in fault.messages { $0.string(message) } }
        }
    }
}
