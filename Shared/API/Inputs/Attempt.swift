package import Forms
package import JSON
package import Kernel

/// An input whose faults the handler reports together with those that only it can find (an email that is taken): read
/// like any other, but handed over even when it is wrong.
package struct Attempt<Wanted: Input>: Input {
    package static var properties: [Schema.Property] { Wanted.properties }
    package static var example: JSONValue? { Wanted.example }
    package static var bodyForm: BodyForm { Wanted.bodyForm }

    /// What was sent, for a handler that looks at single fields.
    package let source: Source
    /// Nil exactly when there are faults.
    package let wanted: Wanted?
    package let faults: [Problem.FieldFaults]

    package init(_ source: Source) throws(Problem) {
        self.source = source
        do throws(Problem) {
            wanted = try Wanted(source)
            faults = []
        } catch {
            guard error.code == .validationFailed else { throw error }
            wanted = nil
            faults = error.errors
        }
    }

    package static func check(_ source: Source) throws(Problem) { _ = try Wanted(source) }
}
