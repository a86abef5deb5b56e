import API

extension Verb {
    static let keysRotate = Verb(
        name: "keys rotate", usage: "--master | --patient ID",
        summary: "Wraps every service's keys under its new master key, or gives a patient a new key, while all run"
    ) { who, raw in
        if raw == ["--master"] { return try rotateMasterKeys(for: who) }
        let arguments = try Arguments(raw, options: ["patient"], words: 0)
        guard let patient = arguments.options["patient"] else {
            throw Failure(.usage, "Which key? praxis keys rotate --master, or --patient ID.")
        }
        return try ServiceProgram(.records, for: who).run(["keys", "rotate", "--patient", patient])
    }

    /// Asks each service's program, as nobody else has its master key. One that fails keeps no other from its turn.
    private static func rotateMasterKeys(for who: Operator) throws -> Int32 {
        var worst: Int32 = 0
        for name in ServiceName.allCases where name != .gateway {
            who.say("\(name.rawValue):")
            worst = max(worst, try ServiceProgram(name, for: who).run(["keys", "rotate", "--master"]))
        }
        if worst != 0 { who.say("Not everything is under the current master keys: keep the older ones.") }
        return worst
    }
}
