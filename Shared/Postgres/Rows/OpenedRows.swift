package import Kernel
import Observability

extension Sequence {
    /// The rows of a list, each opened. One that cannot be opened is left out and named in the log: it keeps nobody
    /// from the others.
    package func opened<Opened, Name: CustomStringConvertible>(
        of table: StaticString, named name: (Element) -> Name, by open: (Element) throws -> Opened
    ) -> [Opened] {
        var opened: [Opened] = []
        opened.reserveCapacity(underestimatedCount)
        var first: (row: Element, fault: any Error)?
        var count = 0
        for row in self {
            do { opened.append(try open(row)) } catch {
                count += 1
                if first == nil { first = (row, error) }
            }
        }
        if let first {
            log.error(
                "rows cannot be opened and are left out of a list",
                [
                    "table": table, "rows": count, "first": name(first.row).description,
                    "fault": String(describing: type(of: first.fault)),
                ])
        }
        return opened
    }
}

extension Page {
    /// The page with its rows opened, without those that cannot be. They count in `total`, and the cursor is that of
    /// the rows.
    package func opened<Opened: Sendable, Name: CustomStringConvertible>(
        of table: StaticString, named name: (Item) -> Name, by open: (Item) throws -> Opened
    ) -> Page<Opened> {
        Page<Opened>(
            items: items.opened(of: table, named: name, by: open), total: total, nextCursor: nextCursor)
    }
}
