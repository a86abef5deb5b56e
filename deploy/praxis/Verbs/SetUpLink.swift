import API
import Kernel
import Settings

extension Verb {
    /// The link goes to the output alone: it is a secret, and no log holds it. `SITE` is the address at which a browser
    /// finds the gateway, where that is not `FRONTEND_URL`.
    static let setUpLink = Verb(
        name: "setup-link", usage: "[SITE]", summary: "A link that makes the first administrator, once, within a day"
    ) { who, raw in
        let arguments = try Arguments(raw, words: 1)
        let site =
            try arguments.words.first
            ?? who.read(
                Setting.url(
                    "FRONTEND_URL", default: "http://localhost:8000",
                    help: "Where people use the service; links in mail begin with it"))
        return try ServiceProgram(.identity, for: who).run(["setup-link", site])
    }
}
