import API
package import Crypto
import Forms
package import Kernel

/// Signs the cursors of a service's lists, so that only one that it gave out for the same list, order and filters is
/// taken back: whoever makes one up gets a fault of the field `cursor`. All processes of a service share the key.
package struct CursorSigner: Sendable {
    private let key: HMACKey

    private static let format: UInt8 = 1
    /// Bytes of the HMAC-SHA-256 that are kept (RFC 2104 §5).
    private static let tagLength = 16

    /// - Parameter secret: the service's own, `SECRET_KEY`.
    package init(secret: Secret) throws(CryptoFault) {
        key = HMACKey(
            try HKDF.derive(Array(secret.expose().utf8), info: Array("praxis list cursors 1".utf8), count: 32))
    }

    /// base64url of `1 ‖ tag ‖ cursor`.
    func write(_ cursor: String, of list: CursorList) -> String {
        let content = Array(cursor.utf8)
        return Base64URL.encode([Self.format] + tag(content, list) + content)
    }

    /// Nil for whatever was not written for this list.
    func read(_ text: String, of list: CursorList) -> String? {
        guard let bytes = Base64URL.decode(text), bytes.first == Self.format, bytes.count > 1 + Self.tagLength else {
            return nil
        }
        let content = Array(bytes[(1 + Self.tagLength)...])
        guard ConstantTime.equal(Array(bytes[1...Self.tagLength]), tag(content, list)) else { return nil }
        return String(validating: content, as: UTF8.self)
    }

    private func tag(_ content: [UInt8], _ list: CursorList) -> [UInt8] {
        Array(key.sign(list.bytes + content).prefix(Self.tagLength))
    }
}

/// What a cursor goes on in: an endpoint, in the order and with the filters that its query asks for.
struct CursorList: Sendable {
    let bytes: [UInt8]

    /// - Parameter filters: `filters(of:)` the declaration.
    init(_ name: String, _ filters: [String], _ query: [(name: String, value: String)]) {
        var fields = [("endpoint", name)]
        for filter in filters {
            if let value = query.first(where: { $0.name == filter })?.value { fields.append((filter, value)) }
        }
        bytes = CanonicalText.bytes(fields)
    }

    /// What a list's query takes beside its page: order and filters.
    static func filters(of declaration: Declaration) -> [String] {
        declaration.input.properties.filter { $0.location == .query }.map(\.name).filter { !paging.contains($0) }
    }

    private static let paging: Set = ["cursor", "page", "page_size"]
}

extension Answered {
    /// The same list, its cursor as clients see it.
    func signing(_ sign: (String) -> String) -> Answered {
        guard case .list(var frame, let elements) = content, let cursor = frame.nextCursor else { return self }
        frame.nextCursor = sign(cursor)
        return Answered(status: status, .list(frame, elements: elements), location: location, version: version)
    }
}
