import HTTP
import Kernel

/// An answer as bytes: status, fields and body, each with its length in front.
struct StoredResponse {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    var bytes: [UInt8] {
        var all: [UInt8] = []
        Self.append(Array(String(status).utf8), to: &all)
        Self.append(body, to: &all)
        for field in fields {
            Self.append(Array(field.name.utf8), to: &all)
            Self.append(Array(field.value.utf8), to: &all)
        }
        return all
    }

    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard let first = Self.take(&rest), let status = Int(String(decoding: first, as: UTF8.self)),
            let body = Self.take(&rest)
        else { return nil }
        var fields: [(String, String)] = []
        while !rest.isEmpty {
            guard let name = Self.take(&rest), let value = Self.take(&rest) else { return nil }
            fields.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        self.init(status: status, fields: fields, body: body)
    }

    var response: Response {
        var headers = Headers(reserving: 256)
        for field in fields { headers.add(field.name, field.value) }
        return Response(Status(status), headers: headers, body: body.isEmpty ? .none : .bytes(body))
    }

    private static func append(_ part: [UInt8], to all: inout [UInt8]) {
        all += UInt32(clamping: part.count).bigEndianBytes
        all += part
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.count >= 4 else { return nil }
        let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
