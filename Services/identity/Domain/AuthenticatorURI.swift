/// What an authenticator scans: issuer, account and secret in the form all of them read (Key Uri Format).
package enum AuthenticatorURI {
    /// - Parameter secret: in base32.
    package static func text(issuer: String, username: String, secret: String) -> String {
        let (issuer, username) = (encoded(issuer), encoded(username))
        return "otpauth://totp/\(issuer):\(username)?secret=\(secret)&issuer=\(issuer)"
            + "&algorithm=SHA1&digits=\(FactorRules.digits)&period=\(FactorRules.stepSeconds)"
    }

    /// All but RFC 3986's unreserved characters, percent-encoded: some authenticators take `+` for itself.
    private static func encoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%"), hexadecimal(byte >> 4), hexadecimal(byte & 15)]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 48 + digit : 55 + digit }
}
