/// The `details` of a problem: named values for a program to go on with.
package struct ProblemDetails: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// A value: a text, a list, or an object of values.
    package indirect enum Value: Sendable, Equatable {
        case text(String)
        case list([Value])
        case object(ProblemDetails)

        package static func texts(_ texts: [String]) -> Value { .list(texts.map { .text($0) }) }
    }

    /// One named value.
    package struct Member: Sendable, Equatable {
        package let key: String
        package let value: Value

        package init(key: String, value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// In the order they are written.
    package let members: [Member]

    package init(members: [Member]) { self.members = members }
    package init(dictionaryLiteral elements: (String, Value)...) {
        members = elements.map { Member(key: $0.0, value: $0.1) }
    }

    package var isEmpty: Bool { members.isEmpty }
    package subscript(key: String) -> Value? { members.first { $0.key == key }?.value }
}
