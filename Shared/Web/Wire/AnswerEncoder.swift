package import API
package import HTTP
import JSON

extension Answered {
    /// The answer as the caller's profile wants it; bytes are written once, into one buffer.
    package func response(to call: Call) -> Response {
        response(of: call.declaration, in: call.profile, baseURL: call.baseURL, target: call.target)
    }

    /// - Parameters:
    ///   - baseURL: what links to other pages of a list start with.
    ///   - target: the path and query these links are made from.
    package func response(
        of declaration: Declaration, in profile: Profile, baseURL: String, target: String
    ) -> Response {
        var headers = Headers(reserving: 384)
        switch content {
        case .document(let type, let bytes): return Self.document(type, bytes, Status(status))
        case .download(let file): return DownloadEncoder(file).whole
        case .events(let subscribe): return EventChannel.response(subscribe)
        case .nothing, .item, .list, .bare, .members: break
        }
        headers.add("Vary", "Accept")
        if let location { headers.add("Location", location) }
        if let seconds = declaration.cacheSeconds { headers.add("Cache-Control", "public, max-age=\(seconds)") }
        if let version { headers.add("ETag", EntityTag.text(version, profile)) }
        var links: PageLinks?
        if case .list(let frame, _) = content {
            let made = PageLinks(frame, origin: baseURL, target: target)
            if let link = made.header { headers.add("Link", link) }
            links = made
        }
        if case .nothing = content, profile == .plain { return Response(.noContent, headers: headers) }
        headers.add("Content-Type", MediaType.json(profile))
        let body = body(says: declaration.says, plain: profile == .plain, links: links)
        return Response(Status(status), headers: headers, body: .bytes(body))
    }

    /// The policy stands in place of the one for JSON: a page may have our style sheet and icon, and the mail in its
    /// frame styles of its own.
    private static func document(_ type: String, _ bytes: [UInt8], _ status: Status) -> Response {
        var headers = Headers()
        headers.add("Content-Type", type)
        headers.add(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'"
        )
        headers.add("Cross-Origin-Opener-Policy", "same-origin")
        return Response(status, headers: headers, body: .bytes(bytes))
    }

    private func body(says message: String, plain: Bool, links: PageLinks?) -> [UInt8] {
        var json = JSONWriter(reserving: 1024)
        switch content {
        case .bare(let write): write(&json)
        case .item(let write) where plain: write(&json)
        case .members(let write):
            json.object {
                if !plain { $0.field("success", true) }
                write(&$0)
            }
        case .list(let frame, let elements) where plain:
            json.object {
                Self.write(frame, links, &$0)
                $0.array("results", elements)
            }
        case .nothing, .item, .list, .document, .download, .events: writeEnvelope(message, links, &json)
        }
        return json.bytes
    }

    private func writeEnvelope(_ message: String, _ links: PageLinks?, _ json: inout JSONWriter) {
        json.object {
            $0.field("success", true)
            $0.field("message", message)
            switch content {
            case .item(let write), .bare(let write), .members(let write): $0.member("data", write)
            case .list(let frame, let elements):
                Self.write(frame, links, &$0)
                $0.array("data", elements)
            case .nothing, .document, .download, .events: $0.null("data")
            }
        }
    }

    private static func write(_ frame: ListFrame, _ links: PageLinks?, _ json: inout JSONWriter) {
        json.field("count", frame.total)
        json.field("next", links?.next)
        json.field("previous", links?.previous)
        if let missing = frame.missing {
            json.array("incomplete") { json in for part in missing { json.string(part) } }
        }
    }
}
