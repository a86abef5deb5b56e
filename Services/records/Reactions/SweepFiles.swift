import Files
import Kernel
import Lifecycle

/// Removes files that nobody can read, ten minutes after they were written: those whose upload ended between file and
/// row, and those of erased patients. Each sweep looks at what an hour has brought; the first one of a process, and one
/// a day, look at all.
package struct SweepFiles: Sendable {
    let tree: FileTree
    let store: any FileStore
    let files: StoredFiles
    let clock: any WallClock
    private let lastWhole = Locked<Instant?>(nil)

    /// Longer than any upload may take.
    static let age: Duration = .seconds(600)
    /// How far a sweep looks back behind that.
    static let reach: Duration = .seconds(3600)
    static let wholeEvery: Duration = .seconds(86_400)
    private static let batch = 500

    init(tree: FileTree, store: any FileStore, files: StoredFiles, clock: any WallClock) {
        self.tree = tree
        self.store = store
        self.files = files
        self.clock = clock
    }

    /// - Returns: how many were removed.
    @discardableResult
    package func sweep() async throws -> Int {
        let now = clock.now
        let before = now - Self.age
        let isWhole = lastWhole.withLock { $0.map { $0 + Self.wholeEvery <= now } ?? true }
        let since = before - Self.reach
        var removed = try await tree.removeDrafts(writtenBefore: Int(before.seconds))
        if !isWhole { removed += try await remove(files.erased(since: since)) }
        var page: String?
        repeat {
            let found = try await store.files(page, since: isWhole ? nil : since)
            removed += try await remove(found.files.filter { $0.written < before }.map(\.id))
            page = found.next
        } while page != nil
        if isWhole { lastWhole.withLock { $0 = now } }
        return removed
    }

    /// Those that nobody needs.
    private func remove(_ old: [ID<StoredFile>]) async throws -> Int {
        var removed = 0
        for start in stride(from: 0, to: old.count, by: Self.batch) {
            let some = Array(old[start..<min(start + Self.batch, old.count)])
            let needed = try await files.needed(some)
            for file in some where !needed.contains(file) {
                try await store.remove(file)
                removed += 1
            }
        }
        return removed
    }
}
