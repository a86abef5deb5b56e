package import Kernel

/// What may stand beside a log sentence: a closed set of plain types, all of them declared here.
package protocol LogValue: Sendable {
    var logged: LoggedValue { get }
}

/// A value as it is written.
package enum LoggedValue: Sendable, Equatable {
    case text(String)
    case integer(Int64)
    case number(Double)
    case truth(Bool)
    case none
    /// Something personal or secret was here; it is never written.
    case hidden
}

extension String: LogValue {
    package var logged: LoggedValue { .text(self) }
}

extension StaticString: LogValue {
    package var logged: LoggedValue { .text(description) }
}

extension Int: LogValue {
    package var logged: LoggedValue { .integer(Int64(self)) }
}

extension Int32: LogValue {
    package var logged: LoggedValue { .integer(Int64(self)) }
}

extension Int64: LogValue {
    package var logged: LoggedValue { .integer(self) }
}

extension UInt16: LogValue {
    package var logged: LoggedValue { .integer(Int64(self)) }
}

extension Double: LogValue {
    package var logged: LoggedValue { isFinite ? .number(self) : .text(description) }
}

extension Bool: LogValue {
    package var logged: LoggedValue { .truth(self) }
}

/// In milliseconds, to the microsecond.
extension Duration: LogValue {
    package var logged: LoggedValue {
        let (seconds, attoseconds) = components
        return .number((Double(seconds) * 1e6 + Double(attoseconds / 1_000_000_000_000)).rounded() / 1000)
    }
}

extension Optional: LogValue where Wrapped: LogValue {
    package var logged: LoggedValue { self?.logged ?? .none }
}

extension Secret: LogValue {
    package var logged: LoggedValue { .hidden }
}

extension Private: LogValue {
    package var logged: LoggedValue { .hidden }
}

extension ID: LogValue {
    package var logged: LoggedValue { .text(description) }
}

extension Instant: LogValue {
    package var logged: LoggedValue { .text(rfc3339) }
}

extension CalendarDate: LogValue {
    package var logged: LoggedValue { .text(description) }
}
