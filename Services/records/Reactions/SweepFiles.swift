import Files
import Kernel

/// Removes files that nobody can read, ten minutes after they were written: those whose upload ended between file and
/// row, and those of erased patients.
package struct SweepFiles: Sendable {
    let tree: FileTree
    let store: any FileStore
    let files: StoredFiles
    let clock: any WallClock

    /// Longer than any upload may take.
    static let age: Duration = .seconds(600)
    private static let batch = 500

    /// - Returns: how many were removed.
    @discardableResult
    package func sweep() async throws -> Int {
        let before = clock.now - Self.age
        var removed = try await tree.removeDrafts(writtenBefore: Int(before.seconds))
        var page: String?
        repeat {
            let found = try await store.files(page)
            let old = found.files.filter { $0.written < before }.map(\.id)
            for start in stride(from: 0, to: old.count, by: Self.batch) {
                let some = Array(old[start..<min(start + Self.batch, old.count)])
                let needed = try await files.needed(some)
                for file in some where !needed.contains(file) {
                    try await store.remove(file)
                    removed += 1
                }
            }
            page = found.next
        } while page != nil
        return removed
    }
}
