import Kernel

extension Verb {
    static let version = Verb(name: "version", usage: "", summary: "Which Praxis this is") { who, raw in
        _ = try Arguments(raw)
        who.say("praxis \(Release.version)")
        return 0
    }
}
