import API
import Kernel
import Settings

extension Verb {
    static let createAdmin = Verb(
        name: "create-admin", usage: "USERNAME EMAIL [NAME]", summary: "Makes an administrator; asks for the password"
    ) { who, raw in
        let arguments = try Arguments(raw, words: 3)
        guard arguments.words.count >= 2 else {
            throw Failure(
                .usage, "create-admin USERNAME EMAIL [NAME]; the password is asked for, or PRAXIS_ADMIN_PASSWORD.")
        }
        let program = try ServiceProgram(.identity, for: who)
        let given = try who.read(
            Setting<Secret>.secret("PRAXIS_ADMIN_PASSWORD", help: "The password of the account to be made.").optional)
        return try program.run(["create-admin"] + arguments.words, input: try given ?? chosen())
    }

    private static func chosen() throws(Failure) -> Secret {
        // Typed unseen it is asked for twice; from a pipe it is one line.
        guard Terminal.isTyped else {
            guard let piped = Terminal.secret("Password") else { throw Failure(.usage, "No password was given.") }
            return piped
        }
        guard let first = Terminal.secret("Password"), let second = Terminal.secret("The same again") else {
            throw Failure(.usage, "No password was given.")
        }
        guard first == second else { throw Failure(.usage, "The two passwords differ.") }
        return first
    }
}
