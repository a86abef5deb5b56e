import API

extension Verb {
    static let migrate = Verb(
        name: "migrate", usage: "[status]", summary: "Brings every service's schema up to date, or says how it stands"
    ) { who, raw in
        let arguments = try Arguments(raw, words: 1)
        if let word = arguments.words.first, word != "status" { throw Failure(.usage, "migrate, or migrate status.") }
        var worst: Int32 = 0
        for name in ServiceName.allCases where name != .gateway {
            who.say("\(name.rawValue):")
            worst = max(worst, try ServiceProgram(name, for: who).run(["migrate"] + arguments.words))
        }
        return worst
    }
}
