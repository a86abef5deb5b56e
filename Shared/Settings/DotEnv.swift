/// A `.env` file as Docker Compose reads it: `NAME=value`, `export NAME=value`, comments from `#` (after white space),
/// single quotes literal, double quotes with `\n \r \t \" \\ \$`, values over several lines inside quotes, and
/// `${NAME}`-interpolation left as it stands.
package enum DotEnv {
    /// A line that is not `NAME=value`, and why.
    package struct Fault: Error, Equatable {
        package let line: Int
        package let message: String
    }

    /// The last of two equal names wins, as in a shell.
    package static func parse(_ text: String) throws(Fault) -> [String: String] {
        var reader = DotEnvReader(text)
        var result: [String: String] = [:]
        while let (name, value) = try reader.next() { result[name] = value }
        return result
    }
}

struct DotEnvReader {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var line = 1

    init(_ text: String) {
        scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
    }

    mutating func next() throws(DotEnv.Fault) -> (String, String)? {
        skip { $0.properties.isWhitespace }
        while peek == "#" {
            skip { $0 != "\n" }
            skip { $0.properties.isWhitespace }
        }
        guard peek != nil else { return nil }
        var name = take { Self.isNamePart($0) }
        if name == "export", let blank = peek, blank == " " || blank == "\t" {
            skip { $0 == " " || $0 == "\t" }
            name = take { Self.isNamePart($0) }
        }
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
            throw fault("a name is missing")
        }
        skip { $0 == " " || $0 == "\t" }
        guard peek == "=" else { throw fault("\"=\" is missing after \(name)") }
        advance()
        skip { $0 == " " || $0 == "\t" }
        return (name, try value())
    }

    private mutating func value() throws(DotEnv.Fault) -> String {
        guard let quote = peek, quote == "\"" || quote == "'" else { return plain() }
        let start = line
        advance()
        var result = String.UnicodeScalarView()
        while let scalar = peek {
            advance()
            if scalar == quote { return try closed(String(result)) }
            if scalar == "\\", quote == "\"", let next = peek {
                advance()
                result.append(contentsOf: Self.unescaped(next))
            } else {
                result.append(scalar)
            }
        }
        throw DotEnv.Fault(line: start, message: "a quote is not closed")
    }

    /// Behind a closing quote only a comment may follow.
    private mutating func closed(_ value: String) throws(DotEnv.Fault) -> String {
        skip { $0 == " " || $0 == "\t" || $0 == "\r" }
        if peek == "#" { skip { $0 != "\n" } }
        guard peek == nil || peek == "\n" else { throw fault("something follows a closing quote") }
        return value
    }

    private mutating func plain() -> String {
        var result = String.UnicodeScalarView()
        var afterBlank = true
        while let scalar = peek, scalar != "\n" {
            if scalar == "#", afterBlank {
                skip { $0 != "\n" }
                break
            }
            afterBlank = scalar == " " || scalar == "\t"
            result.append(scalar)
            advance()
        }
        while let last = result.last, last.properties.isWhitespace { result.removeLast() }
        return String(result)
    }

    private static func unescaped(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar {
        case "n": ["\n"]
        case "r": ["\r"]
        case "t": ["\t"]
        case "\"", "\\", "$": [scalar]
        default: ["\\", scalar]
        }
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_", ".", "-": true
        default: false
        }
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func advance() {
        if peek == "\n" { line += 1 }
        position += 1
    }

    private mutating func skip(while test: (Unicode.Scalar) -> Bool) {
        while let scalar = peek, test(scalar) { advance() }
    }

    private mutating func take(while test: (Unicode.Scalar) -> Bool) -> String {
        var result = String.UnicodeScalarView()
        while let scalar = peek, test(scalar) {
            result.append(scalar)
            advance()
        }
        return String(result)
    }

    private func fault(_ message: String) -> DotEnv.Fault { DotEnv.Fault(line: line, message: message) }
}
