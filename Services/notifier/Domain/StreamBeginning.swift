/// Where a stream begins: its first event, and the number behind which it goes on.
package enum StreamBeginning: Sendable, Equatable {
    /// The client is new: it is told the account's number, so that it can resume even if it sees nothing else.
    case ready(Int64)
    /// Nothing is missing behind what the client saw.
    case resume(Int64)
    /// Something may be missing: the client is told the account's number and reads anew.
    case reset(Int64, ResetReason)

    /// - Parameters:
    ///   - cursor: the account's latest number; 0 before its first event.
    ///   - isNextKept: whether the event behind what the client saw is still kept.
    package init(after last: LastEventID, cursor: Int64, isNextKept: Bool) {
        switch last {
        case .none: self = .ready(cursor)
        case .unreadable: self = .reset(cursor, .unknown)
        case .number(let seq) where seq > cursor: self = .reset(cursor, .unknown)
        case .number(let seq): self = seq == cursor || isNextKept ? .resume(seq) : .reset(cursor, .tooOld)
        }
    }

    /// Events up to this one are not told any more.
    package var position: Int64 {
        switch self {
        case .ready(let seq), .resume(let seq), .reset(let seq, _): seq
        }
    }
}

/// Why a client cannot resume.
package enum ResetReason: String, Sendable {
    /// What it missed is kept no more.
    case tooOld = "too_old"
    /// The account never had that number: it is another's, made up, or of a database that was restored to earlier.
    case unknown
}
