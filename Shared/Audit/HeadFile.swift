import Glibc
import Net

/// Signed heads outside the database, a line each, in a file per service: what a cut tail is found by. Only ever added
/// to; copy it to where nobody who has the database can write.
package struct HeadFile: Sendable {
    package let path: String
    private let pool: BlockingPool

    /// The system's error code of what could not be written.
    package struct Fault: Error {
        let code: Int32
    }

    /// - Parameter folder: made when it is not there.
    package init(folder: String, service: String) {
        path = "\(folder)/\(service).heads"
        pool = BlockingPool(name: "audit heads", threads: 1, queue: 8)
    }

    /// Adds the line, unless it is the last one already, and returns when the disk has it.
    func append(_ line: String) async throws {
        try await pool.run { [path] in try HeadFile.append(line, to: path) }
    }

    /// Nil when there is no file. A last line that was not finished is left out.
    func lines() async throws -> [String]? {
        try await pool.run { [path] in
            guard let bytes = try HeadFile.bytes(of: path) else { return nil }
            var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            _ = lines.popLast()
            return lines.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// A line begun and not finished when a process died is left as it is: the next begins on a line of its own. Two
    /// processes may add at once: one call writes a whole line.
    private static func append(_ line: String, to path: String) throws {
        try makeFolder(of: path)
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Fault(code: errno) }
        defer { close(file) }
        let there = try bytes(of: path) ?? []
        let isFinished = there.last.map { $0 == 0x0A } ?? true
        if isFinished, there.split(separator: 0x0A).last.map({ $0.elementsEqual(line.utf8) }) == true { return }
        let bytes = Array(((isFinished ? "" : "\n") + line + "\n").utf8)
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw Fault(code: count < 0 ? errno : ENOSPC) }
        guard fsync(file) == 0 else { throw Fault(code: errno) }
        if there.isEmpty { try synchronizeFolder(of: path) }
    }

    private static func bytes(of path: String) throws -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw Fault(code: errno)
        }
        defer { close(file) }
        var (found, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Fault(code: errno) }
            if count == 0 { return found }
            found += buffer[..<count]
        }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    private static func makeFolder(of path: String) throws {
        var made = path.hasPrefix("/") ? "" : "."
        for part in folder(of: path).split(separator: "/") {
            made += "/\(part)"
            guard unsafe mkdir(made, 0o700) == 0 || errno == EEXIST else { throw Fault(code: errno) }
        }
    }

    private static func synchronizeFolder(of path: String) throws {
        let folder = unsafe open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Fault(code: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw Fault(code: errno) }
    }
}
