import Glibc

/// An open file, closed when it goes away. Its calls block.
struct OpenFile: ~Copyable {
    private let descriptor: Int32

    /// - Parameter flags: as in open(2); a link in the place of the file is never followed, new files are their owner's
    ///   alone.
    init(_ path: String, _ flags: Int32) throws(FileFault) {
        descriptor = unsafe open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(code: errno) }
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(FileFault) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFault(code: count < 0 ? errno : ENOSPC) }
            written += count
        }
    }

    /// Writes all of it by one call, or fails: what two processes add to a file at once does not mix.
    func writeAtOnce(_ bytes: [UInt8]) throws(FileFault) {
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw FileFault(code: count < 0 ? errno : ENOSPC) }
    }

    /// What stands from here to the end, cut off after `limit` bytes.
    func read(atMost limit: Int) throws(FileFault) -> [UInt8] {
        var found: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(limit, 65_536))
        while found.count < limit {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFault(code: errno) }
            if count == 0 { break }
            found += buffer[..<min(count, limit - found.count)]
        }
        return found
    }

    /// The bytes at this place; fewer only where the file ends.
    func read(_ range: Range<Int>) throws(FileFault) -> [UInt8] {
        var failure: FileFault?
        let found = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { room, written in
            while written < range.count {
                let count = unsafe pread(
                    descriptor, room.baseAddress?.advanced(by: written), range.count - written,
                    range.lowerBound + written)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failure = FileFault(code: errno) }
                if count <= 0 { return }
                written += count
            }
        }
        if let failure { throw failure }
        return found
    }

    /// Returns when the disk has it.
    func synchronize() throws(FileFault) {
        guard fsync(descriptor) == 0 else { throw FileFault(code: errno) }
    }
}

extension OpenFile {
    /// Nil when there is no such file.
    static func bytes(of path: String, atMost limit: Int) throws(FileFault) -> [UInt8]? {
        do throws(FileFault) {
            return try OpenFile(path, O_RDONLY).read(atMost: limit)
        } catch  where [ENOENT, ENOTDIR, ENAMETOOLONG].contains(error.code) {
            return nil
        }
    }
}
