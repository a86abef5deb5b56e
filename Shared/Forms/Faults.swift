package import Kernel

/// Collects what is wrong while a form is read, so that all of it is reported at once.
package final class Faults {
    /// What was found, each field once.
    package private(set) var entries: [Problem.FieldFaults] = []
    private var prefixes: [String] = []

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    package func add(_ field: String, _ message: String) {
        let path = (prefixes + [field]).joined(separator: ".")
        if let index = entries.firstIndex(where: { $0.field == path }) {
            entries[index].messages.append(message)
        } else {
            entries.append(Problem.FieldFaults(field: path, messages: [message]))
        }
    }

    /// Reads a nested object: faults found meanwhile have its name as a prefix.
    package func within<Result>(_ name: String, _ body: () -> Result) -> Result {
        prefixes.append(name)
        defer { prefixes.removeLast() }
        return body()
    }

    /// Throws all that was found as one validation problem; nothing found, nothing thrown.
    package func raise() throws(Problem) {
        if !entries.isEmpty { throw .validation(entries) }
    }
}
