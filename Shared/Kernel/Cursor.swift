/// The last row of a part of a list, as the list's order names it: where the next part begins. Clients see it signed
/// (Web's `CursorSigner`); it is read strictly all the same.
package struct Cursor: Sendable, Equatable {
    /// What the row is sorted by before its id; empty where the list is sorted by id alone.
    package let key: String
    package let id: String

    /// - Parameter id: a text without `/`, as of an `ID` or a number.
    package init(id: some CustomStringConvertible, key: String = "") {
        self.key = key
        self.id = id.description
    }

    /// For a list that is sorted by time.
    package init(id: some CustomStringConvertible, key: Instant) {
        self.init(id: id, key: String(key.microseconds))
    }

    package var text: String { "\(id)/\(key)" }

    package init(_ text: String) throws(Problem) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !text.utf8.contains(0) else { throw Cursor.fault }
        self.init(id: parts[0], key: String(parts[1]))
    }

    package func id<Entity>(of entity: Entity.Type = Entity.self) throws(Problem) -> ID<Entity> {
        guard let id = ID<Entity>(id) else { throw Cursor.fault }
        return id
    }

    /// The id where rows are numbered.
    package func number() throws(Problem) -> Int64 {
        guard let number = Int64(id) else { throw Cursor.fault }
        return number
    }

    /// The key where rows are sorted by time.
    package func instant() throws(Problem) -> Instant {
        guard let microseconds = Int64(key) else { throw Cursor.fault }
        let instant = Instant(microseconds: microseconds)
        guard (Instant.earliest...Instant.latest).contains(instant) else { throw Cursor.fault }
        return instant
    }

    package static let says = "This cursor is not one of this list."
    package static let fault = Problem.field("cursor", says)
}

extension PageRequest {
    /// Where the part begins that is asked for by cursor; nil at the start, and for numbered pages.
    package func cursor() throws(Problem) -> Cursor? {
        guard case .after(let text?) = position else { return nil }
        return try Cursor(text)
    }
}
