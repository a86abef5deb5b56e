package import API
package import HTTP
import JSON

extension Answered {
    /// The answer as the caller's profile wants it; bytes are written once, into one buffer.
    package func response(to call: Call) -> Response {
        var headers = Headers(reserving: 384)
        headers.add("Vary", "Accept")
        if let location { headers.add("Location", location) }
        if let version { headers.add("ETag", EntityTag.text(version, call.profile)) }
        var links: PageLinks?
        if case .list(let frame, _) = content {
            let made = PageLinks(frame, origin: call.origin, target: call.target)
            if let link = made.header { headers.add("Link", link) }
            links = made
        }
        if case .nothing = content, call.profile == .plain { return Response(.noContent, headers: headers) }
        headers.add("Content-Type", MediaType.json(call.profile))
        let body = body(says: call.declaration.says, plain: call.profile == .plain, links: links)
        return Response(Status(status), headers: headers, body: .bytes(body))
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
        case .nothing, .item, .list: writeEnvelope(message, links, &json)
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
            case .nothing: break
            }
        }
    }

    private static func write(_ frame: ListFrame, _ links: PageLinks?, _ json: inout JSONWriter) {
        json.field("count", frame.total)
        json.field("next", links?.next)
        json.field("previous", links?.previous)
    }
}
