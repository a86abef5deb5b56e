package import API
import Crypto
import Files
package import Kernel
import Settings

extension Verb {
    static let keysIssue = Verb(
        name: "keys issue", usage: "SERVICE | --into DIR", summary: "PRINCIPAL_KEYS of a service, or of each as a file"
    ) { who, raw in
        let arguments = try Arguments(raw, options: ["into"], words: 1)
        let master = try who.read(PairBook.master)
        if let folder = arguments.options["into"] {
            for name in ServiceName.allCases {
                try SecretFile.write(
                    try PairBook.keys(of: name, master: master), to: "\(folder)/principal-keys-\(name.rawValue)")
            }
            who.say(
                "\(ServiceName.allCases.count) files written to \(folder); give each service its own as PRINCIPAL_KEYS_FILE"
            )
            return 0
        }
        guard let word = arguments.words.first, let name = ServiceName(rawValue: word) else {
            let names = ServiceName.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.usage, "Whose keys? One of \(names), or --into DIR for a file of each.")
        }
        who.say(try PairBook.keys(of: name, master: master).expose())
        return 0
    }
}

/// Which processes speak to which, and the key of each such pair.
package enum PairBook {
    static let master = Setting.secret(
        "PRAXIS_MASTER_SECRET", minimumBytes: 32,
        help: "What the keys between services are derived from. Only `praxis keys issue` reads it; no service may.")

    /// deploy/launch/services.py says the same for the development set-up.
    package static let calls: [(from: ServiceName, to: [ServiceName])] = [
        (.gateway, [.identity, .registry, .scheduling, .records, .notifier]),
        (.identity, [.registry, .scheduling, .records, .notifier]),
        (.registry, [.identity, .scheduling]),
        (.scheduling, [.identity, .registry, .notifier]),
        (.records, [.identity, .registry, .scheduling]),
        (.notifier, [.identity, .registry, .scheduling, .records]),
    ]

    /// A line `from>to=key` for each pair this service is a side of, and for no other.
    package static func keys(of name: ServiceName, master: Secret) throws -> Secret {
        var lines: [String] = []
        for (from, receivers) in calls {
            for to in receivers where from == name || to == name {
                let key = try PairKey.issue(master: master, from: from.rawValue, to: to.rawValue)
                lines.append("\(from.rawValue)>\(to.rawValue)=\(key.expose())")
            }
        }
        return Secret(lines.joined(separator: "\n"))
    }
}

/// A file only its owner may read.
enum SecretFile {
    static func write(_ secret: Secret, to path: String) throws(Failure) {
        do throws(FileFault) {
            var draft = try FileDraft(of: path)
            try draft.write(Array((secret.expose() + "\n").utf8))
            try draft.commit(to: path)
        } catch {
            throw Failure(.unavailable, "\(path) cannot be written.")
        }
    }
}
