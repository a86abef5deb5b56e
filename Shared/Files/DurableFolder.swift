import Net

/// A folder of whole files: each is there entirely or not at all, and what was written outlives a power cut.
package struct DurableFolder: Sendable {
    package let path: String
    private let pool: BlockingPool

    /// - Parameters:
    ///   - path: made with the first file.
    ///   - thread: the name of the thread that reads and writes; 64 may wait for it.
    package init(path: String, thread: String) {
        self.path = path
        pool = BlockingPool(name: thread, threads: 1, queue: 64)
    }

    /// Writes the file, in the place of one of this name, and returns when the disk has it.
    package func write(_ bytes: [UInt8], as name: String) async throws {
        try await pool.run { [path] in
            var draft = try FileDraft(in: path)
            try draft.write(bytes)
            try draft.commit(to: "\(path)/\(name)")
        }
    }

    /// The file's bytes, cut off after `limit`; nil when there is none of this name, or it is a path or hidden.
    package func read(_ name: String, atMost limit: Int) async throws -> [UInt8]? {
        guard !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.contains("\0") else { return nil }
        return try await pool.run { [path] in try OpenFile.bytes(of: "\(path)/\(name)", atMost: limit) }
    }

    /// Names of the files in no order, drafts and hidden ones left out.
    package func names() async throws -> [String] {
        try await pool.run { [path] in FolderPath(path).names().filter { !$0.hasPrefix(".") } }
    }
}
