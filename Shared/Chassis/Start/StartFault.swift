import Lifecycle
import Postgres
import Settings

/// Why a process cannot start, in words for whoever started it.
package struct StartFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension ExitReport {
    /// The exit code for an error, and what to say of it.
    static func about(_ error: any Error) -> (code: Int32, words: String) {
        switch error {
        case let faults as SettingsFaults: (SettingsFaults.exitCode, faults.description)
        case MigrationFault.unreachable(let fault) where fault.isPooler:
            (SettingsFaults.exitCode, "the database's address is not usable: \(fault)")
        case Services.Failure.startFailed(_, let cause): about(cause)
        case Services.Failure.failed(let service, let cause) where cause is Services.Failure || service == "inside":
            about(cause)
        case Services.Failure.failed(let service, let cause): (1, "\(service) failed: \(description(of: cause))")
        case Services.Failure.endedEarly(let service): (1, "\(service) ended by itself")
        default: (1, description(of: error))
        }
    }

    /// Our own errors describe themselves without values; of others only the type's name is printed.
    private static func description(of error: any Error) -> String {
        switch error {
        case let error as StartFault: error.description
        case let error as MigrationFault: error.description
        case let error as DatabaseError: error.description
        case let error as any CustomStringConvertible: error.description
        default: String(reflecting: type(of: error)) + " " + String(describing: error)
        }
    }
}
