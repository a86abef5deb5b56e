import Web

/// Puts values into the files of `Templates`, where they say `{{name}}`.
enum PageTemplate {
    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// - Parameter values: as they are to stand there, escaped already where they are no HTML. A name without a value
    ///   is left out.
    static func fill(_ template: [UInt8], _ values: [String: String]) -> String {
        var parts = text(template).split(separator: "{{", omittingEmptySubsequences: false)[...]
        var filled = String(parts.popFirst() ?? "")
        for part in parts {
            let halves = part.split(separator: "}}", maxSplits: 1, omittingEmptySubsequences: false)
            filled += values[String(halves[0])] ?? ""
            if halves.count == 2 { filled += halves[1] }
        }
        return filled
    }

    /// A whole page around `content`, which begins with its `h1`: that is the title, too.
    static func page(_ content: String) -> [UInt8] {
        let title = content.split(separator: "</h1>", maxSplits: 1).first?.split(separator: "<h1>").last ?? ""
        return Array(PageLayout.page(String(title), content).utf8)
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
