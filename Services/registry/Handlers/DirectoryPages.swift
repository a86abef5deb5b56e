import API
import Lifecycle

/// Pages of the directory of doctors as they were written last, which are the same for everybody, given again while the
/// directory stays as it was: whether it has changed is asked of the database for each request (docs/adr/0070). Holds
/// at most twice `limit` bytes, views that pages share counted for each: what was not asked for while that many others
/// were is forgotten.
struct DirectoryPages: Sendable {
    private struct State {
        /// What the directory's changes were when all of these pages were made.
        var changes: Int64?
        var pages: ByteLimitedCache<DoctorsQuery, WrittenListing<DoctorView>>
    }

    private let kept: Locked<State>

    init(limit: Int = 8 << 20) { kept = Locked(State(pages: ByteLimitedCache(limit: limit))) }

    /// - Parameters:
    ///   - changes: read before `make` reads the page; a page that turns out newer is given for this number alone.
    ///   - make: reads and writes the page where none is kept.
    func page(
        _ query: DoctorsQuery, at changes: Int64, make: () async throws -> WrittenListing<DoctorView>
    ) async throws -> WrittenListing<DoctorView> {
        let before = kept.withLock { $0.changes == changes ? $0.pages.value(query) : nil }
        if let before { return before }
        let page = try await make()
        kept.withLock { state in
            if state.changes != changes {
                state.changes = changes
                state.pages.removeAll()
            }
            let bytes = page.elements.reduce(Self.bytesOfQuery) { $0 + $1.count }
            state.pages.insert(page, bytes: bytes, for: query)
        }
        return page
    }

    /// Of a query and its place in a table, roughly: a search that finds nothing takes room, too.
    private static let bytesOfQuery = 512
}
