/// The parts of an address as it was written (RFC 3986), with nothing decided about them.
struct HookURLParts {
    /// In lower case.
    let scheme: String
    /// With its brackets, where it has them.
    let host: Substring
    /// Nil where none is written.
    private let portText: Substring?
    /// Path and query.
    let rest: String

    init(_ text: String) throws(HookURLFault) {
        guard text.utf8.count <= HookURL.limit else { throw .tooLong }
        // By scalars: a mark that joins a slash before it must not hide the slash.
        let scalars = text.unicodeScalars[...]
        guard scalars.allSatisfy(Self.mayStand), let colon = scalars.firstIndex(of: ":") else { throw .malformed }
        scheme = Substring(scalars[..<colon]).lowercased()
        guard scheme == "https" || scheme == "http" else { throw .scheme }
        let behind = scalars[colon...].dropFirst()
        guard behind.starts(with: "//".unicodeScalars) else { throw .malformed }
        if scalars.contains("#") { throw .fragment }
        let authority = behind.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        if authority.contains("@") { throw .userInfo }
        let (host, portText) = try Self.split(authority)
        self.host = host
        self.portText = portText
        rest = Self.encoded(Substring(scalars[authority.endIndex...]))
    }

    /// Nil where none is written.
    var port: UInt16? {
        get throws(HookURLFault) {
            guard let portText else { return nil }
            guard (1...5).contains(portText.utf8.count), portText.utf8.allSatisfy({ (48...57).contains($0) }),
                let port = UInt16(portText), port > 0
            else { throw .malformed }
            return port
        }
    }

    private static func split(
        _ authority: Substring.UnicodeScalarView
    ) throws(HookURLFault) -> (Substring, Substring?) {
        let end: Substring.Index
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { throw .host }
            end = authority.index(after: bracket)
        } else {
            end = authority.firstIndex(of: ":") ?? authority.endIndex
        }
        let behind = authority[end...]
        if behind.isEmpty { return (Substring(authority[..<end]), nil) }
        guard behind.first == ":" else { throw .malformed }
        return (Substring(authority[..<end]), Substring(behind.dropFirst()))
    }

    /// Blanks, controls, and what some readers of addresses take for something else (a backslash for a slash) stand
    /// nowhere in one.
    private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: !"\\\"<>^`{|}".unicodeScalars.contains(scalar)
        }
    }

    private static func encoded(_ text: Substring) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte in
            byte < 0x80 ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
