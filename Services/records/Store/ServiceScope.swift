package import Postgres
import RecordsDomain

extension Scope {
    /// The service itself, whose policies show it every row: keys, codes, jobs and reactions.
    package static let service = Scope(account: "", role: "service")
}

extension GrantWay: SQLValue {}
extension AccessBasis: SQLValue {}
extension RecordAction: SQLValue {}
