import API

extension Verb {
    static let demoRemove = Verb(
        name: "demo remove", usage: "", summary: "Switches the demo accounts off and takes their known passwords away"
    ) { who, raw in
        _ = try Arguments(raw)
        return try ServiceProgram(.identity, for: who).run(["demo", "remove"])
    }

    static let demoCheck = Verb(
        name: "demo check", usage: "",
        summary: "Ends with 78 where a demo account works: production refuses to start then"
    ) { who, raw in
        _ = try Arguments(raw)
        return try ServiceProgram(.identity, for: who).run(["demo", "check"])
    }
}
