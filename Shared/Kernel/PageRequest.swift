/// Which part of a list is asked for: a numbered page, or what follows a cursor (keyset paging for deep lists).
package struct PageRequest: Sendable, Hashable {
    /// Where the wanted part of a list begins.
    package enum Position: Sendable, Hashable {
        /// 1-based.
        case page(Int)
        /// What the list's own store put into the cursor before; nil is the start.
        case after(String?)
    }

    package static let defaultSize = 20
    package static let maximumSize = 100

    package let position: Position
    package let size: Int

    package init(position: Position = .page(1), size: Int = PageRequest.defaultSize) {
        self.position = position
        self.size = min(max(size, 1), PageRequest.maximumSize)
    }

    /// Rows to pass over for a numbered page; 0 with a cursor. Saturates instead of overflowing.
    package var offset: Int {
        guard case .page(let page) = position else { return 0 }
        let (product, overflow) = (max(page, 1) - 1).multipliedReportingOverflow(by: size)
        return overflow ? Int(Int32.max) : min(product, Int(Int32.max))
    }
}

/// One part of a list: its rows, how many there are in all (nil with a cursor), and where it goes on.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    package let total: Int?
    /// The cursor of the next part, when paging by cursor and there is more.
    package let nextCursor: String?

    package init(items: [Item], total: Int?, nextCursor: String? = nil) {
        self.items = items
        self.total = total
        self.nextCursor = nextCursor
    }

    /// A part of a list read by cursor, from rows of which one more than asked for was fetched.
    /// - Parameter cursor: where the list goes on behind a row.
    package init(fetched: [Item], size: Int, cursor: (Item) -> String) {
        let items = Array(fetched.prefix(size))
        self.init(items: items, total: nil, nextCursor: fetched.count > size ? items.last.map(cursor) : nil)
    }

    package func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), total: total, nextCursor: nextCursor)
    }
}
