import API

extension Verb {
    static let auditVerify = Verb(
        name: "audit verify", usage: "[SERVICE …] [--json]",
        summary:
            "Walks the audit chain; names the first changed, missing, inserted, reordered or cut entry, and ends with 1"
    ) { who, raw in
        let arguments = try Arguments(raw.filter { $0 != "--json" }, words: ServiceName.allCases.count)
        let names = try arguments.words.isEmpty ? ServiceName.allCases.filter { $0 != .gateway } : audited(arguments)
        var worst: Int32 = 0
        for name in names {
            let status = try ServiceProgram(name, for: who)
                .run(["audit", "verify"] + (raw.contains("--json") ? ["--json"] : []))
            // A broken trail is reported before one that could not be read.
            worst = worst == broken || status == broken ? broken : max(worst, status)
        }
        return worst
    }

    static let auditKey = Verb(
        name: "audit key", usage: "SERVICE", summary: "The public keys that a service's signed heads are verified with"
    ) { who, raw in
        let arguments = try Arguments(raw, words: 1)
        guard let name = try audited(arguments).first else { throw Failure(.usage, "Whose keys? audit key SERVICE.") }
        return try ServiceProgram(name, for: who).run(["audit", "key"])
    }

    /// What `audit verify` ends with when a trail is not whole.
    static let broken: Int32 = 1

    private static func audited(_ arguments: Arguments) throws(Failure) -> [ServiceName] {
        var names: [ServiceName] = []
        for word in arguments.words {
            guard let name = ServiceName(rawValue: word), name != .gateway else {
                throw Failure(.usage, "\(word) keeps no audit trail; a service with tables does.")
            }
            names.append(name)
        }
        return names
    }
}
