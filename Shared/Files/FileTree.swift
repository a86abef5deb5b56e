import Glibc
package import Net

/// Many large files, each in one of 65 536 folders (`ab/cd/name`) by the last four characters of its name; beside them
/// those that are being written (`tmp/name.part`). Names are ids of ours: letters, digits and hyphens, at least four.
package struct FileTree: Sendable {
    package let path: String
    private let pool: BlockingPool

    /// A file and when it was last written, in seconds since 1970.
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let written: Int
    }

    /// - Parameters:
    ///   - path: made with the first file.
    ///   - pool: the threads that read and write; as many pieces as it takes may wait for them.
    package init(path: String, pool: BlockingPool) {
        self.path = path
        self.pool = pool
    }

    /// Begins a file that nobody has begun or has.
    package func begin(_ name: String) async throws -> LargeFile {
        _ = try place(of: name)
        return try await pool.run { [self] in
            LargeFile(name, try FileDraft("\(name).part", in: drafts), pool)
        }
    }

    /// Puts a file in its place and returns when the disk has it.
    package func commit(_ file: LargeFile) async throws { try await file.commit(to: try place(of: file.name)) }

    /// The bytes at this place of a file, fewer only where it ends; nil when there is no such file.
    package func read(_ name: String, _ range: Range<Int>) async throws -> [UInt8]? {
        let place = try place(of: name)
        return try await pool.run {
            do throws(FileFault) {
                return try OpenFile(place, O_RDONLY).read(range)
            } catch  where error.code == ENOENT {
                return nil
            }
        }
    }

    /// Removes a file; there may be none.
    package func remove(_ name: String) async throws {
        let place = try place(of: name)
        try await pool.run {
            guard unsafe unlink(place) == 0 || errno == ENOENT else { throw FileFault(code: errno) }
        }
    }

    /// The files in the folders of one of the 256 beginnings (`00` to `ff`).
    /// - Parameter time: leaves out folders that no file was put into or taken from since, in seconds since 1970.
    package func files(in beginning: UInt8, changedSince time: Int? = nil) async throws -> [Entry] {
        let top = "\(path)/\(Self.hex(beginning))"
        return try await pool.run {
            let folders = FolderPath(top).names().filter { name in
                guard !name.hasPrefix(".") else { return false }
                return time.map { (FolderPath(top).lastWrite(of: name) ?? .max) >= $0 } ?? true
            }
            return folders.flatMap { Self.entries("\(top)/\($0)") }
        }
    }

    /// Removes what was begun and not written to since that time: whoever wrote it is gone.
    /// - Returns: how many there were.
    package func removeDrafts(writtenBefore time: Int) async throws -> Int {
        try await pool.run { [drafts] in
            let left = Self.entries(drafts).filter { $0.written < time }
            for draft in left { _ = unsafe unlink("\(drafts)/\(draft.name)") }
            return left.count
        }
    }

    private var drafts: String { "\(path)/tmp" }

    private func place(of name: String) throws(FileFault) -> String {
        let bytes = Array(name.utf8)
        guard (4...64).contains(bytes.count), bytes.allSatisfy(Self.isPlain) else { throw FileFault(code: EINVAL) }
        let end = String(decoding: bytes.suffix(4), as: UTF8.self)
        return "\(path)/\(end.prefix(2))/\(end.suffix(2))/\(name)"
    }

    private static func entries(_ folder: String) -> [Entry] {
        let folder = FolderPath(folder)
        return folder.names().filter { !$0.hasPrefix(".") }.compactMap { name in
            folder.lastWrite(of: name).map { Entry(name: name, written: $0) }
        }
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D: true
        default: false
        }
    }
}
