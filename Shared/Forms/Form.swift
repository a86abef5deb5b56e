package import Kernel

/// The fields of one input, declared once: reads them all, reports all faults together, describes them.
package struct Form<each Value: Sendable>: Sendable {
    private let fields: (repeat Field<each Value>)

    package init(_ fields: repeat Field<each Value>) { self.fields = (repeat each fields) }

    /// Every field's value, or one problem with all that is wrong.
    package func read(_ source: Source) throws(Problem) -> (repeat each Value) {
        let faults = Faults()
        guard let values = read(source, into: faults) else {
            try faults.raise()
            throw .internalError
        }
        try faults.raise()
        return values
    }

    /// The same beside other forms or rules that add to the same faults; nil when a field of this form is wrong.
    package func read(_ source: Source, into faults: Faults) -> (repeat each Value)? {
        let taken = (repeat (each fields).read(source, faults))
        do { return (repeat try unwrap(each taken)) } catch { return nil }
    }

    package var properties: [Schema.Property] {
        var all: [Schema.Property] = []
        repeat all.append(contentsOf: (each fields).properties)
        return all
    }
}

private struct Missing: Error {}

private func unwrap<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Missing() }
    return value
}
