import Glibc
import Net

/// A file of lines that are only ever added; each is on the disk when it was added.
package struct LineFile: Sendable {
    package let path: String
    private let pool: BlockingPool

    /// - Parameters:
    ///   - path: file and folder are made when they are not there.
    ///   - thread: the name of the thread that reads and writes; 8 may wait for it.
    package init(path: String, thread: String) {
        self.path = path
        pool = BlockingPool(name: thread, threads: 1, queue: 8)
    }

    /// Adds the line, unless it is the last one already, and returns when the disk has it.
    package func append(_ line: String) async throws {
        try await pool.run { [path] in try LineFile.append(line, to: path) }
    }

    /// Nil when there is no file. A last line that was not finished is left out.
    package func lines() async throws -> [String]? {
        try await pool.run { [path] in
            guard let bytes = try OpenFile.bytes(of: path, atMost: .max) else { return nil }
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            _ = lines.popLast()
            return lines.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// A line begun and not finished when a process died is left as it is: the next begins on a line of its own. Two
    /// processes may add at once: one call writes a whole line.
    private static func append(_ line: String, to path: String) throws(FileFault) {
        let folder = FolderPath(of: path)
        try folder.make()
        let file = try OpenFile(path, O_WRONLY | O_CREAT | O_APPEND)
        let there = try OpenFile.bytes(of: path, atMost: .max) ?? []
        let isFinished = there.last.map { $0 == 0x0A } ?? true
        if isFinished, there.split(separator: 0x0A).last.map({ $0.elementsEqual(line.utf8) }) == true { return }
        try file.writeAtOnce(Array(((isFinished ? "" : "\n") + line + "\n").utf8))
        try file.synchronize()
        if there.isEmpty { try folder.synchronize() }
    }
}
