import JSON
import Kernel
import RecordsDomain

/// Reads what a model answered. All of it is hostile: sizes are bounded, JSON is strict, texts are cleaned and cut.
enum ModelReply {
    /// Bytes of a whole answer.
    static let limit = 65_536
    /// Characters of a text.
    static let longest = 300

    static func proposals(_ body: [UInt8]) throws(ModelFault) -> [ProposedMedicine] {
        guard let content = content(of: try json(body)) else { throw .malformed }
        let answer = try json(Array(unwrapped(content).utf8))
        guard let medicines = (answer["medicines"] ?? answer["recommendations"])?.array else { throw .malformed }
        return medicines.prefix(20).compactMap(proposal)
    }

    private static func json(_ bytes: [UInt8]) throws(ModelFault) -> JSONValue {
        do { return try JSONReader.read(bytes, limits: JSONLimits(nodes: 5000, bytes: limit)) } catch {
            throw .malformed
        }
    }

    /// A text, or an array of text parts.
    private static func content(of reply: JSONValue) -> String? {
        let content = reply["choices"]?.array?.first?["message"]?["content"]
        if let text = content?.string { return text }
        guard let parts = content?.array else { return nil }
        return parts.compactMap { $0["text"]?.string }.joined()
    }

    /// Without what a model thought aloud before, and without fences of Markdown around.
    static func unwrapped(_ content: String) -> String {
        var text = CleanText.trimmed(content)
        if text.hasPrefix("<think>"), let end = text.firstRange(of: "</think>") {
            text = CleanText.trimmed(String(text[end.upperBound...]))
        }
        guard text.hasPrefix("```"), text.hasSuffix("```"), text.utf8.count >= 6 else { return text }
        let inside = text.dropFirst(3).dropLast(3)
        let language = inside.prefix { $0.isLetter }
        return CleanText.trimmed(String(inside.dropFirst(language.count)))
    }

    private static func proposal(_ json: JSONValue) -> ProposedMedicine? {
        guard let name = text(json["name"]), !name.isEmpty else { return nil }
        return ProposedMedicine(
            name: name, dosage: text(json["dosage"]) ?? "", frequency: text(json["frequency"]) ?? "",
            duration: text(json["duration"]) ?? "", instructions: text(json["instructions"]))
    }

    private static func text(_ json: JSONValue?) -> String? {
        guard let text = json?.string, let clean = try? CleanText.clean(text) else { return nil }
        return String(clean.prefix(longest))
    }
}
