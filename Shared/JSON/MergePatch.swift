/// RFC 7396: members of the patch replace, `null` removes, objects are merged, all else replaces as a whole.
package enum MergePatch {
    package static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        guard case .object(let members) = target else { return .object(merge(changes, into: [])) }
        return .object(merge(changes, into: members))
    }

    /// Members keep their order; new ones follow in the patch's order.
    private static func merge(_ changes: [JSONMember], into members: [JSONMember]) -> [JSONMember] {
        var indices: [String: Int] = [:]
        for (index, member) in members.enumerated() { indices[member.key] = index }
        var merged: [JSONMember?] = members
        for change in changes {
            guard let index = indices[change.key] else {
                if change.value == .null { continue }
                indices[change.key] = merged.count
                merged.append(JSONMember(key: change.key, value: apply(change.value, to: .null)))
                continue
            }
            if change.value == .null {
                merged[index] = nil
            } else {
                let old = merged[index]?.value ?? .null
                merged[index] = JSONMember(key: change.key, value: apply(change.value, to: old))
            }
        }
        return merged.compactMap(\.self)
    }
}
