package import JSON

extension EventEnvelope {
    /// What clients are told of its data: ids of things, states, versions and times, and nobody's account.
    package var outsideData: JSONValue {
        guard case .object(let members) = data else { return .object([]) }
        return .object(members.filter { !$0.key.hasSuffix("account_id") && !$0.key.hasSuffix("account_ids") })
    }
}
