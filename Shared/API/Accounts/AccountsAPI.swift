/// Accounts, sessions and tokens: what identity owns (api.md §2).
package enum AccountsAPI {
    package static let declarations: [Declaration] = []
}
