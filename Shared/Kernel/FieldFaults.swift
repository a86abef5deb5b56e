extension [Problem.FieldFaults] {
    /// Both, each field once and each message once.
    package func merged(with others: [Problem.FieldFaults]) -> [Problem.FieldFaults] {
        var merged = self
        for other in others {
            guard let index = merged.firstIndex(where: { $0.field == other.field }) else {
                merged.append(other)
                continue
            }
            let known = merged[index].messages
            merged[index].messages += other.messages.filter { !known.contains($0) }
        }
        return merged
    }
}
