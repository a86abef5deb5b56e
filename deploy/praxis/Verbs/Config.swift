import API

extension Verb {
    static let configCheck = Verb(
        name: "config check", usage: "[SERVICE]", summary: "Reads every service's settings and says what is wrong; 78"
    ) { who, raw in
        try ask(["config", "check"], raw, who)
    }

    static let configShow = Verb(
        name: "config show", usage: "[SERVICE]", summary: "Each setting as it takes effect, and from where; no secrets"
    ) { who, raw in
        try ask(["config", "show"], raw, who)
    }

    /// The services' own programs know their settings; the worst status is handed on.
    private static func ask(_ words: [String], _ raw: [String], _ who: Operator) throws -> Int32 {
        let arguments = try Arguments(raw, words: 1)
        let names = ServiceName.allCases.filter { arguments.words.isEmpty || arguments.words == [$0.rawValue] }
        guard !names.isEmpty else { throw Failure(.usage, "There is no service \(arguments.words[0]).") }
        var worst: Int32 = 0
        for name in names {
            who.say("\(name.rawValue):")
            worst = max(worst, try ServiceProgram(name, for: who).run(words))
        }
        return worst
    }
}
