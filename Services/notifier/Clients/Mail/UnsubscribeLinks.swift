package import Crypto
package import Kernel

/// The links in mails by which their reader ends mails of that kind (RFC 8058): account and kind, signed, good for a
/// year. The same mail has the same link on every try.
package struct UnsubscribeLinks: Sendable {
    private let key: HMACKey
    private let page: String

    private static let lifetime: Duration = .seconds(366 * 86_400)
    private static let format: UInt8 = 1
    /// Bytes of the HMAC-SHA-256 that are kept (RFC 2104 §5).
    private static let tagLength = 16

    /// - Parameters:
    ///   - secret: the service's own, `SECRET_KEY`.
    ///   - site: where people go to use the service.
    package init(secret: Secret, site: String) throws(CryptoFault) {
        key = HMACKey(
            try HKDF.derive(Array(secret.expose().utf8), info: Array("praxis unsubscribe links 1".utf8), count: 32))
        page = (site.hasSuffix("/") ? String(site.dropLast()) : site) + "/unsubscribe?token="
    }

    /// Nil for a kind that nothing turns off.
    package func url(of kind: PreferenceKind, to account: ID<Account>, at sent: Instant) -> String? {
        guard !kind.isLocked else { return nil }
        let content = Array("\(account) \(kind.rawValue) \((sent + Self.lifetime).rfc3339)".utf8)
        return page + Base64URL.encode([Self.format] + tag(content) + content)
    }

    /// Whose mails of which kind a token ends; nil for one that was not written here, or is too old.
    package func read(_ token: String, at now: Instant) -> (account: ID<Account>, kind: PreferenceKind)? {
        guard let bytes = Base64URL.decode(token), bytes.first == Self.format, bytes.count > 1 + Self.tagLength else {
            return nil
        }
        let content = Array(bytes[(1 + Self.tagLength)...])
        guard ConstantTime.equal(Array(bytes[1...Self.tagLength]), tag(content)) else { return nil }
        let parts = String(decoding: content, as: UTF8.self).split(separator: " ").map(String.init)
        guard parts.count == 3, let account = ID<Account>(parts[0]), let kind = PreferenceKind(rawValue: parts[1]),
            let end = Instant(rfc3339: parts[2]), now <= end
        else { return nil }
        return (account, kind)
    }

    private func tag(_ content: [UInt8]) -> [UInt8] { Array(key.sign(content).prefix(Self.tagLength)) }
}
