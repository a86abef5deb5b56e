import Glibc
import HTTP
import Net

/// A file that set-up put there, read in pieces while it is sent: megabytes that are seldom asked for stay on the disk.
/// It is open from the start, so that all of it is of one version.
final class StaticFile: Sendable {
    private static let pieceSize = 65_536

    private let descriptor: Int32
    private let length: Int
    private let reading: BlockingPool

    /// Nil when it is not there, or is no file.
    init?(_ path: String, _ reading: BlockingPool) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        var about = stat()
        guard unsafe fstat(descriptor, &about) == 0, about.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.reading = reading
        length = about.st_size
    }

    deinit { close(descriptor) }

    var body: MessageBody {
        .stream(length: length) { [self] writer in
            for start in stride(from: 0, to: length, by: Self.pieceSize) {
                let end = min(start + Self.pieceSize, length)
                try await writer.write(try await reading.run { try self.bytes(start..<end) })
            }
        }
    }

    /// Blocks. Throws when the file became shorter.
    private func bytes(_ range: Range<Int>) throws -> [UInt8] {
        var failure: StaticFileFault?
        let found = unsafe [UInt8](unsafeUninitializedCapacity: range.count) { room, count in
            while count < range.count {
                let read = unsafe pread(
                    descriptor, room.baseAddress?.advanced(by: count), range.count - count, range.lowerBound + count)
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { return failure = StaticFileFault(code: read < 0 ? errno : EIO) }
                count += read
            }
        }
        if let failure { throw failure }
        return found
    }
}

/// A file could not be read to its end.
struct StaticFileFault: Error {
    /// As `errno` said it.
    let code: Int32
}
