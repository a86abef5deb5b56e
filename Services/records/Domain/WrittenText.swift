import Kernel

/// How what people write is taken apart and compared.
enum WrittenText {
    /// At commas, semicolons and new lines; a comma between digits is part of a number.
    static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var part = ""
        let characters = Array(text)
        for (index, character) in characters.enumerated() {
            let isBetweenDigits =
                index > 0 && index + 1 < characters.count && characters[index - 1].isNumber
                && characters[index + 1].isNumber
            switch character {
            case "," where !isBetweenDigits: finish(&part, &parts)
            case ";", "،", "•", "|": finish(&part, &parts)
            case let other where other.isNewline: finish(&part, &parts)
            default: part.append(character)
            }
        }
        finish(&part, &parts)
        return parts
    }

    private static func finish(_ part: inout String, _ parts: inout [String]) {
        let text = trimmed(part)
        if !text.isEmpty { parts.append(text) }
        part = ""
    }

    /// Folded words of letters and digits: everything else parts them, but for what stands within a word.
    static func words(of text: String) -> [String] {
        SearchText.folded(text).split { !$0.isLetter && !$0.isNumber && $0 != "'" }
            .map { $0.filter { $0 != "'" } }.filter { !$0.isEmpty }
    }

    /// How a name is compared: one word of its letters, in the spelling that British, American and French writers
    /// have in common (`sulphamethoxazole`, `amoxycillin`, `oestradiol`), without doubled letters.
    static func key(of words: some Collection<String>) -> String {
        var bytes: [UInt8] = []
        for byte in words.joined().utf8 {
            let last = bytes.last
            switch (last, byte) {
            case (UInt8(ascii: "p"), UInt8(ascii: "h")): bytes[bytes.count - 1] = UInt8(ascii: "f")
            case (UInt8(ascii: "t"), UInt8(ascii: "h")): break
            case (UInt8(ascii: "a"), UInt8(ascii: "e")), (UInt8(ascii: "o"), UInt8(ascii: "e")):
                bytes[bytes.count - 1] = UInt8(ascii: "e")
            case (_, UInt8(ascii: "y")): if last != UInt8(ascii: "i") { bytes.append(UInt8(ascii: "i")) }
            default: if last != byte || (48...57).contains(byte) { bytes.append(byte) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
