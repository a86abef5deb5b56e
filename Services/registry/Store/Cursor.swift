import Crypto
import Kernel

/// Where a list goes on: the last row's place in the list's order. Opaque to clients and read strictly when it comes
/// back, but not signed: a made-up one only starts elsewhere in what the caller may see anyway.
struct Cursor<Entity>: Sendable {
    /// The name of the order it was made in; in another one it says nothing.
    let order: String
    /// What the row is sorted by, before its id.
    let key: String
    let id: ID<Entity>

    init(order: String, key: String = "", id: ID<Entity>) { (self.order, self.key, self.id) = (order, key, id) }

    var text: String { Base64URL.encode("\(order)/\(id)/\(key)") }

    /// Throws a fault of the field `cursor`.
    init(_ text: String, order: String) throws(Problem) {
        guard let bytes = Base64URL.decode(text), let plain = String(validating: bytes, as: UTF8.self),
            !plain.utf8.contains(0)
        else { throw .badCursor }
        let parts = plain.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == order, let id = ID<Entity>(parts[1]) else { throw .badCursor }
        self.init(order: order, key: String(parts[2]), id: id)
    }
}

extension Problem {
    static let badCursor = Problem.field("cursor", "This cursor is not one of this list.")
}

extension Page {
    /// A part of a list read by cursor, from rows of which one more than asked for was fetched.
    init(fetched: [Item], size: Int, cursor: (Item) -> String) {
        let items = Array(fetched.prefix(size))
        let next = fetched.count > size ? items.last.map(cursor) : nil
        self.init(items: items, total: nil, nextCursor: next)
    }
}
