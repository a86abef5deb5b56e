import API

extension Verb {
    static let resetFactor = Verb(
        name: "mfa reset", usage: "USERNAME", summary: "Takes a lost second factor away; its owner is told"
    ) { who, raw in
        let arguments = try Arguments(raw, words: 1)
        guard let username = arguments.words.first else {
            throw Failure(.usage, "Whose second factor? praxis mfa reset USERNAME.")
        }
        return try ServiceProgram(.identity, for: who).run(["reset-second-factor", username])
    }
}
