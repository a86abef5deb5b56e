/// One command of the line: how it is called, what it is for, what it does. Its result is the status it ends with.
package struct Verb: Sendable {
    package let name: String
    let usage: String
    let summary: String
    package let run: @Sendable (Operator, [String]) async throws -> Int32

    package static let all: [Verb] = [
        demo, demoCheck, demoRemove, setUpLink, createAdmin, resetFactor, migrate, keysIssue, keysRotate, token, status,
        doctor,
        configCheck, configShow, eventsDead, eventsRetry, eventsReplay, auditVerify, auditKey, version,
    ]

    /// The calls of the verbs that begin with `word`, where it is only the first half of their names; else nil.
    package static func calls(beginningWith word: String) -> String? {
        let found = all.filter { $0.name.hasPrefix(word + " ") }
        return found.isEmpty ? nil : found.map { "praxis \($0.call)" }.joined(separator: "\n")
    }

    private var call: String { usage.isEmpty ? name : "\(name) \(usage)" }

    /// The verb the line begins with, and what follows it; the longer name first (`keys issue`).
    package static func named(_ line: [String]) -> (verb: Verb, rest: [String])? {
        for length in [2, 1] where line.count >= length {
            let name = line.prefix(length).joined(separator: " ")
            if let verb = all.first(where: { $0.name == name }) { return (verb, Array(line.dropFirst(length))) }
        }
        return nil
    }

    package static var help: String {
        let calls = all.map { "praxis \($0.call)" }
        let width = (calls.map(\.count).max() ?? 0) + 2
        let lines = zip(calls, all).map { call, verb in
            "  \(call)\(String(repeating: " ", count: width - call.count))\(verb.summary)"
        }
        return """
            The operator's command line of Praxis. Settings come from the environment and .env, as for the services.

            \(lines.joined(separator: "\n"))

            It ends with 0, or 64 (wrong usage), 69 (something does not answer or refuses), 78 (settings); audit verify with 1 when a trail is
            not whole.
            """
    }
}
