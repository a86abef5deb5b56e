/// The name under which a client saves what it gets (RFC 6266).
package enum ContentDisposition {
    /// With the name as it is, and in ASCII for whoever cannot read that.
    package static func attachment(_ name: String) -> String {
        let plain = name.unicodeScalars.map { isSafe($0) ? Character($0) : "_" }
        return "attachment; filename=\"\(String(plain))\"; filename*=\(ExtendedValue.encode(name))"
    }

    /// A backslash, a quote and a per cent are read in more than one way.
    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\" && scalar != "%" && scalar != "/"
    }
}
