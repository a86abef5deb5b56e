/// `.env.example` as it lies in the checkout.
enum ExampleFile {
    /// One commented-out line: `# NAME=value   # help`.
    struct Setting {
        let name: String
        let value: String
        let help: String
    }

    static var settings: [Setting] {
        let text = Reference.kept(Reference.top + "/.env.example") ?? ""
        return text.split(separator: "\n").compactMap { setting(of: $0) }
    }

    private static func setting(of line: Substring) -> Setting? {
        guard line.hasPrefix("# "), let equals = line.firstIndex(of: "=") else { return nil }
        let name = line[..<equals].dropFirst(2)
        guard name.first?.isUppercase == true,
            name.allSatisfy({ $0.isUppercase || $0.isNumber || $0 == "_" })
        else { return nil }
        let rest = line[line.index(after: equals)...]
        let mark = rest.firstRange(of: " # ")
        let value = rest[..<(mark?.lowerBound ?? rest.endIndex)]
        return Setting(
            name: String(name), value: value.split(separator: " ").joined(separator: " "),
            help: mark.map { String(rest[$0.upperBound...]) } ?? "")
    }
}
