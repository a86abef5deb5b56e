/// What follows a verb: plain words in their order, and `--name value` or `--name=value`.
package struct Arguments: Equatable {
    package private(set) var words: [String] = []
    package private(set) var options: [String: String] = [:]

    /// - Parameters:
    ///   - known: the options the verb takes, each with a value.
    ///   - most: how many plain words it takes.
    package init(_ raw: [String], options known: Set<String> = [], words most: Int = 0) throws(Failure) {
        var rest = raw[...]
        while let next = rest.popFirst() {
            guard next.hasPrefix("--") else {
                words.append(next)
                continue
            }
            let parts = next.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts.first.map(String.init) ?? ""
            guard known.contains(name) else { throw Failure(.usage, "There is no option --\(name) here.") }
            guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw Failure(.usage, "--\(name) needs a value.")
            }
            options[name] = value
        }
        guard words.count <= most else { throw Failure(.usage, "One word too many: \(words[most]).") }
    }
}
