/// A text with `{{name}}` in it, and nothing else: no logic, no way to leave a value unescaped.
package struct Template: Sendable {
    /// What values are escaped for.
    package enum Form: Sendable { case text, html }

    /// What is wrong with a template, or with the values given to it.
    package enum Fault: Error, Equatable {
        case unclosed
        /// What stands between the braces is no name.
        case notAName(String)
        /// A value the template wants was not given.
        case missing(String)
    }

    private enum Part: Sendable {
        case literal(String)
        case value(String)
    }

    private let parts: [Part]
    private let form: Form

    package init(_ source: String, as form: Form) throws(Fault) {
        var parts: [Part] = []
        var rest = source[...]
        while let open = Template.find("{{", in: rest) {
            parts.append(.literal(String(rest[..<open.lowerBound])))
            rest = rest[open.upperBound...]
            guard let close = Template.find("}}", in: rest) else { throw .unclosed }
            let name = rest[..<close.lowerBound].filter { $0 != " " }
            guard !name.isEmpty, name.utf8.allSatisfy({ (97...122).contains($0) || $0 == 95 }) else {
                throw .notAName(String(name))
            }
            parts.append(.value(name))
            rest = rest[close.upperBound...]
        }
        parts.append(.literal(String(rest)))
        self.parts = parts
        self.form = form
    }

    package func filled(_ values: [String: String]) throws(Fault) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .value(let name):
                guard let value = values[name] else { throw .missing(name) }
                text += form == .html ? Template.escaped(value) : value
            }
        }
        return text
    }

    /// Safe between tags and inside quoted attributes.
    package static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func find(_ mark: String, in text: Substring) -> Range<Substring.Index>? {
        text.firstRange(of: mark)
    }
}
