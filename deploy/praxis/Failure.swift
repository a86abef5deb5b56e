/// Why a command did not do its work: one sentence for the operator, and the status it ends with (sysexits.h).
package struct Failure: Error, Equatable {
    /// The exit status (sysexits.h).
    package enum Kind: Int32 {
        case usage = 64
        case unavailable = 69
        case settings = 78
    }

    package let kind: Kind
    package let sentence: String

    init(_ kind: Kind, _ sentence: String) {
        self.kind = kind
        self.sentence = sentence
    }
}
