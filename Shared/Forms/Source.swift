// Forms: the one way to read the outside. Body, query, path and event payload go through a Form, which names each field
// once: it reads all of them, reports every fault together, and describes them as JSON Schema for the documents.

package import JSON
package import Kernel

/// What came from outside, before anyone believed it: path parameters, query, and the parsed body.
package struct Source: Sendable {
    package var path: [(name: String, value: String)]
    package var query: [(name: String, value: String)]
    package var body: JSONValue?
    /// The parts of a multipart body, which are still to be read; nil for every other body.
    package var parts: (any PartSource)?
    /// When it was sent: dates of birth lie before it.
    package var now: Instant
    /// Turns a cursor as the client sent it into what the list wrote; nil for one that is not of this list. Without it
    /// a cursor is taken as it is: between services, which hand on what another has signed.
    package var readCursor: (@Sendable (String) -> String?)?

    package init(
        path: [(name: String, value: String)] = [], query: [(name: String, value: String)] = [],
        body: JSONValue? = nil, parts: (any PartSource)? = nil, now: Instant = SystemClock().now
    ) {
        self.path = path
        self.query = query
        self.body = body
        self.parts = parts
        self.now = now
    }

    /// The day it is in UTC.
    package var today: CalendarDate { now.date }
    /// The latest day it is anywhere: zones go up to UTC+14 (tzdata's Pacific/Kiritimati).
    package var latestToday: CalendarDate { (now + .seconds(14 * 3600)).date }

    /// Where a field is looked for.
    package enum Location: Sendable { case path, query, body }

    /// The value of that name; nil when it was not sent. Of a query name sent twice, the first counts.
    package func value(_ name: String, in location: Location) -> JSONValue? {
        switch location {
        case .path: path.first { $0.name == name }.map { .string($0.value) }
        case .query: query.first { $0.name == name }.map { .string($0.value) }
        case .body: body?[name]
        }
    }
}
