import Glibc

/// A file that is being written and is not there yet: it appears whole when it is committed, and is gone when it is
/// not. Its calls block.
package struct FileDraft: ~Copyable {
    private let file: OpenFile
    private let draft: String
    private var isCommitted: Bool

    /// - Parameter folder: of the same file system as the place it is committed to; made when it is not there.
    package init(in folder: String) throws(FileFault) {
        try self.init(".\(String(UInt64.random(in: 0 ... .max), radix: 36)).part", in: folder)
    }

    /// - Parameter name: of the draft; there is none of this name yet.
    init(_ name: String, in folder: String) throws(FileFault) {
        try FolderPath(folder).make()
        let path = "\(folder)/\(name)"
        let opened = try OpenFile(path, O_RDWR | O_CREAT | O_EXCL)
        file = opened
        draft = path
        isCommitted = false
    }

    /// In the folder of the file that it becomes.
    package init(of file: String) throws(FileFault) { try self.init(in: FolderPath(of: file).path) }

    deinit { if !isCommitted { unsafe unlink(draft) } }

    package func write(_ bytes: [UInt8]) throws(FileFault) { try file.write(bytes) }

    /// What was written at this place; fewer bytes only where it ends.
    func read(_ range: Range<Int>) throws(FileFault) -> [UInt8] { try file.read(range) }

    /// Gives the file its name, in the place of one that had it, and returns when the disk has both.
    package mutating func commit(to path: String) throws(FileFault) {
        try file.synchronize()
        try FolderPath(of: path).make()
        guard unsafe rename(draft, path) == 0 else { throw FileFault(code: errno) }
        isCommitted = true
        try FolderPath(of: path).synchronize()
    }
}
