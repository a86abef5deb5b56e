import API

extension Verb {
    static let keysRotate = Verb(
        name: "keys rotate", usage: "--patient ID",
        summary: "Gives a patient a new key and seals their rows anew, while the service runs; may be repeated"
    ) { who, raw in
        let arguments = try Arguments(raw, options: ["patient"], words: 0)
        guard let patient = arguments.options["patient"] else {
            throw Failure(.usage, "Whose key? praxis keys rotate --patient ID.")
        }
        return try ServiceProgram(.records, for: who).run(["keys", "rotate", "--patient", patient])
    }
}
