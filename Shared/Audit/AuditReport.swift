import Crypto
import JSON
import Kernel

/// What is wrong with a trail: the first broken entry, in the order of the chain.
package struct AuditFinding: Sendable, Equatable {
    /// How an entry differs from what was sealed.
    package enum Kind: String, Sendable {
        /// Its content is not what was sealed.
        case changed
        /// It was sealed, or waited for it, and is gone.
        case missing
        /// No process of ours wrote it.
        case inserted
        /// It stands where another was sealed, or a batch does not follow the one before it.
        case reordered
        /// The chain once went on: a signed head, or an entry in no batch, shows it.
        case truncated
        /// A head that none of the keys signed.
        case forged
    }

    package let kind: Kind
    /// The entry; nil where only its batch is known.
    package let entry: Int64?
    package let batch: Int64?
    /// A sentence for the operator; it holds numbers and no content.
    package let says: String

    init(_ kind: Kind, entry: Int64? = nil, batch: Int64? = nil, _ says: String) {
        self.kind = kind
        self.entry = entry
        self.batch = batch
        self.says = says
    }
}

/// How a service's audit trail stands.
package struct AuditReport: Sendable, Equatable {
    package let service: String
    package internal(set) var entries = 0
    package internal(set) var batches: Int64 = 0
    /// Written and not yet sealed: they wait, at most a second while the service runs.
    package internal(set) var waiting = 0
    /// Signed heads found right, in the table and in the file; nil where there is no file.
    package internal(set) var heads = 0
    package internal(set) var filedHeads: Int?
    /// The digest of the last batch.
    package internal(set) var end = AuditBatch.start
    package internal(set) var finding: AuditFinding?

    init(service: String) { self.service = service }

    package var isWhole: Bool { finding == nil }

    /// One line for people.
    package var line: String {
        if let finding { return "\(service): BROKEN, \(finding.kind.rawValue): \(finding.says)" }
        let filed = filedHeads.map { "\($0) in the file" } ?? "NO FILE of heads here, so a cut end would not show"
        return "\(service): whole; \(entries) entries in \(batches) batches, \(waiting) waiting; "
            + "\(heads) signed heads in the table, \(filed); ends in \(Hex.encode(Array(end.prefix(8))))"
    }

    /// The same for programs.
    package var json: String {
        var json = JSONWriter()
        json.object {
            $0.field("service", service)
            $0.field("whole", isWhole)
            $0.field("entries", entries)
            $0.field("batches", batches)
            $0.field("waiting", waiting)
            $0.field("heads", heads)
            $0.field("filed_heads", filedHeads)
            $0.field("end", Hex.encode(end))
            guard let finding else { return $0.null("broken") }
            $0.object("broken") {
                $0.field("kind", finding.kind.rawValue)
                $0.field("entry", finding.entry)
                $0.field("batch", finding.batch)
                $0.field("says", finding.says)
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
