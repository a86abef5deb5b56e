import Glibc

// Files: what is written to disk and must still be there after a crash or a power cut. Whole files appear at once or
// not at all; lines are only added. All of it blocks, and is done on threads of its own.

/// A file that could not be read or written.
package struct FileFault: Error, Equatable {
    /// The system's error code (`errno`).
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// It was committed or given up before.
    static let notOpen = FileFault(code: EBADF)
    /// Whether the disk, or the part of it that is ours, is full.
    package var isFull: Bool { code == ENOSPC || code == EDQUOT }
}
