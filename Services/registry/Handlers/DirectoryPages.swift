import API
import Lifecycle

/// Pages of the directory of doctors as they were written last, which are the same for everybody, given again while the
/// directory stays as it was: whether it has changed is asked of the database for each request (docs/adr/0070). Holds
/// at most twice `limit` bytes: what was not asked for while that many others were is forgotten.
struct DirectoryPages: Sendable {
    fileprivate struct Generations {
        /// What the directory's changes were when all of these pages were made.
        var changes: Int64?
        var young: [DoctorsQuery: WrittenListing<DoctorView>] = [:]
        var old: [DoctorsQuery: WrittenListing<DoctorView>] = [:]
        var youngBytes = 0
    }

    private let limit: Int
    private let kept = Locked(Generations())

    init(limit: Int = 8 << 20) { self.limit = limit }

    /// - Parameters:
    ///   - changes: read before `make` reads the page; a page that turns out newer is given for this number alone.
    ///   - make: reads and writes the page where none is kept.
    func page(
        _ query: DoctorsQuery, at changes: Int64, make: () async throws -> WrittenListing<DoctorView>
    ) async throws -> WrittenListing<DoctorView> {
        if let page = kept.withLock({ $0.page(query, at: changes, limit) }) { return page }
        let page = try await make()
        kept.withLock { $0.keep(page, query, at: changes, limit) }
        return page
    }
}

extension DirectoryPages.Generations {
    fileprivate mutating func page(_ query: DoctorsQuery, at now: Int64, _ limit: Int) -> WrittenListing<DoctorView>? {
        guard changes == now else { return nil }
        if let page = young[query] { return page }
        guard let page = old[query] else { return nil }
        keep(page, query, at: now, limit)
        return page
    }

    fileprivate mutating func keep(
        _ page: WrittenListing<DoctorView>, _ query: DoctorsQuery, at then: Int64, _ limit: Int
    ) {
        if changes != then { self = DirectoryPages.Generations(changes: then) }
        let bytes = page.elements.count + DirectoryPages.bytesBesideElements
        if youngBytes + bytes > limit { (old, young, youngBytes) = (young, [:], 0) }
        if young.updateValue(page, forKey: query) == nil { youngBytes += bytes }
    }
}

extension DirectoryPages {
    /// Of a query and its place in a table, roughly: a search that finds nothing takes room, too.
    fileprivate static let bytesBesideElements = 512
}
