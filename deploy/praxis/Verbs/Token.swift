import Kernel
import Settings

extension Verb {
    static let token = Verb(
        name: "token", usage: "USERNAME", summary: "An access token; beside identity's program no login is counted"
    ) { who, raw in
        let arguments = try Arguments(raw, words: 1)
        guard let username = arguments.words.first else {
            throw Failure(.usage, "Whose token? praxis token demo_staff.")
        }
        let password = try who.read(
            Setting<Secret>.secret("PRAXIS_PASSWORD", help: "The password of the account a token is wanted for.")
                .optional)
        let known = DemoData.accounts.first { $0.username == username }.map { Secret($0.password) }
        guard let password = password ?? known ?? Terminal.secret("Password") else {
            throw Failure(.usage, "No password was given.")
        }
        let token = try await AccessToken(who: who).make(username, password) { Terminal.secret("One-time code") }
        who.say(token)
        return 0
    }
}
