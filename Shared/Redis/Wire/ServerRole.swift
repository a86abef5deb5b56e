/// Whether a server is one that can be written to. `HELLO` is asked, which every login may (`ROLE` and `INFO` are
/// dangerous commands for an access list); servers that do not know it, or forbid it, are taken as they are.
enum ServerRole {
    static let question: [RESPArgument] = ["HELLO"]

    static func fault(_ answer: RedisConnection.Answer) -> RedisError? {
        switch answer {
        case .success(let value):
            guard let members = value.members else { return nil }
            if members["mode"]?.text == "sentinel" { return .wrongServer(.sentinel) }
            if let role = members["role"]?.text, role != "master" { return .wrongServer(.replica) }
            return nil
        case .failure(.refused): return nil
        case .failure(let error): return error
        }
    }
}
