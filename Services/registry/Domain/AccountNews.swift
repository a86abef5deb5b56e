/// What identity tells of the account behind an entry or a record.
package enum AccountNews: Sendable, Equatable {
    case emailVerified, phoneVerified
    /// `version` is the account's: older news than what is known changes nothing, in whatever order they come.
    case standing(isActive: Bool, version: Int64)
}
