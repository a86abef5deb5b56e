package import Kernel

/// Whose streams an event is told on: accounts that it names, and those that are known by what they are.
package struct LiveHearers: Sendable, Equatable {
    package let accounts: Set<ID<Account>>
    /// The hospital whose account hears of it, where the event does not name that account.
    package let hospital: ID<Hospital>?
    /// Whether every administrator hears of it.
    package let administrators: Bool

    package init(_ accounts: [ID<Account>?] = [], hospital: ID<Hospital>? = nil, administrators: Bool = false) {
        self.accounts = Set(accounts.compactMap(\.self))
        self.hospital = hospital
        self.administrators = administrators
    }

    /// Nobody, whoever is known.
    package var isEmpty: Bool { accounts.isEmpty && hospital == nil && !administrators }
}
