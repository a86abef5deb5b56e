import API
import HTTP

/// Some of the verbs, as bits: asked and merged on every request.
struct VerbSet: Sendable, Equatable {
    private var bits: UInt8 = 0

    var isEmpty: Bool { bits == 0 }

    mutating func insert(_ verb: Verb) { bits |= 1 << UInt8(verb.index) }

    mutating func formUnion(_ other: VerbSet) { bits |= other.bits }

    /// By name, as `Allow` lists them.
    var sorted: [Verb] {
        Verb.allCases.filter { bits >> UInt8($0.index) & 1 == 1 }.sorted { $0.rawValue < $1.rawValue }
    }
}

extension Verb {
    /// Its index among all cases.
    var index: Int {
        switch self {
        case .get: 0
        case .post: 1
        case .put: 2
        case .patch: 3
        case .delete: 4
        }
    }

    /// The verb a request of this method is answered by: `HEAD` as `GET`; none for `OPTIONS`.
    init?(_ method: Method) {
        switch method {
        case .get, .head: self = .get
        case .post: self = .post
        case .put: self = .put
        case .patch: self = .patch
        case .delete: self = .delete
        case .options: return nil
        }
    }
}
