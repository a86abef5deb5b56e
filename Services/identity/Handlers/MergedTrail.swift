import API
import Kernel

/// A part of the trails of several services as one list, the newest first.
struct MergedTrail: Sendable {
    let entries: [AuditEntryView]
    /// Where the list goes on; nil at its end.
    let next: TrailPlaces?

    /// - Parameters:
    ///   - pages: what each service gave from its place on. Of one that gave nothing the place stays: it goes on there
    ///     when it answers again.
    ///   - places: where that was.
    init(_ pages: [AuditedService: Page<AuditEntryView>], from places: TrailPlaces, size: Int) {
        var rest = pages.mapValues { $0.items[...] }
        var entries: [AuditEntryView] = []
        while entries.count < size, let service = Self.newest(rest), let entry = rest[service]?.popFirst() {
            entries.append(entry)
        }
        var moved = places
        for (service, left) in rest {
            let shown = entries.last { $0.service == service.rawValue }
            moved.move(
                service, lastShown: shown.flatMap { Int64($0.id) }, firstLeft: left.first.flatMap { Int64($0.id) })
        }
        self.entries = entries
        next = pages.contains { rest[$0.key]?.isEmpty == false || $0.value.nextCursor != nil } ? moved : nil
    }

    /// Whose first line is the newest; of two at one moment, that of the service that is listed first.
    private static func newest(_ rest: [AuditedService: ArraySlice<AuditEntryView>]) -> AuditedService? {
        var found: (service: AuditedService, at: Instant)?
        for service in AuditedService.allCases {
            guard let at = rest[service]?.first?.at, found.map({ $0.at < at }) ?? true else { continue }
            found = (service, at)
        }
        return found?.service
    }
}

/// How far the trail of each service was read: the number that all its further lines are below.
struct TrailPlaces: Sendable, Equatable {
    private var before: [AuditedService: Int64] = [:]

    init() {}

    /// As `text` wrote it.
    init(_ cursor: Cursor) throws(Problem) {
        guard cursor.id == Self.name else { throw Cursor.fault }
        for part in cursor.key.split(separator: ";") {
            let pair = part.split(separator: "=")
            guard pair.count == 2, let service = AuditedService(rawValue: String(pair[0])), let number = Int64(pair[1])
            else { throw Cursor.fault }
            before[service] = number
        }
    }

    private static let name = "all"

    var text: String {
        let parts = AuditedService.allCases.compactMap { service in
            before[service].map { "\(service.rawValue)=\($0)" }
        }
        return Cursor(id: Self.name, key: parts.joined(separator: ";")).text
    }

    /// The cursor of one service's own trail; nil where it is read from its newest line.
    func cursor(of service: AuditedService) -> String? { before[service].map { Cursor(id: $0).text } }

    /// What is written after this part was read does not come later in the list.
    mutating func move(_ service: AuditedService, lastShown: Int64?, firstLeft: Int64?) {
        if let lastShown {
            before[service] = lastShown
        } else if before[service] == nil {
            before[service] = firstLeft.map { $0 < Int64.max ? $0 + 1 : $0 } ?? 0
        }
    }
}
