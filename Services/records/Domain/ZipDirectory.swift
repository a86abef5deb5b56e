/// What the end of a zip archive says stands in it (PKWARE's APPNOTE 4.3). Nothing is unpacked; archives of more than
/// 4 GiB or 65 535 entries (zip64) are not read.
package struct ZipDirectory: Sendable {
    /// One file in the archive.
    package struct Entry: Sendable, Equatable {
        package let name: [UInt8]
        package let isEncrypted: Bool
        /// Bytes when unpacked, as the archive says.
        package let size: Int
    }

    package let entries: [Entry]

    /// The last bytes of a file within which the record at the end of an archive begins: itself, and a comment.
    package static let tailCount = 22 + 65_535

    /// Where the directory stands in the file; nil when it is no archive.
    /// - Parameters:
    ///   - tail: the file's last `tailCount` bytes, or all of a shorter one.
    ///   - size: the file's bytes.
    package static func place(tail: [UInt8], of size: Int) -> (bytes: Range<Int>, entries: Int)? {
        let bytes = LittleEndian(tail)
        for start in stride(from: tail.count - 22, through: 0, by: -1)
        where bytes.int32(start) == 0x0605_4B50 && bytes.int16(start + 20) == tail.count - start - 22 {
            // On one disk, the first, alone.
            guard bytes.int16(start + 4) == 0, bytes.int16(start + 6) == 0, let count = bytes.int16(start + 10),
                bytes.int16(start + 8) == count, let length = bytes.int32(start + 12),
                let offset = bytes.int32(start + 16), offset + length <= size - tail.count + start
            else { return nil }
            return (offset..<offset + length, count)
        }
        return nil
    }

    /// Nil when it is no directory of so many entries.
    /// - Parameters:
    ///   - directory: the bytes at its place.
    ///   - offset: where it begins in the file: what it lists stands before.
    package init?(_ directory: [UInt8], at offset: Int, entries count: Int) {
        let bytes = LittleEndian(directory)
        var entries: [Entry] = []
        var start = 0
        while start < directory.count {
            guard bytes.int32(start) == 0x0201_4B50, let flags = bytes.int16(start + 8),
                let size = bytes.int32(start + 24), let name = bytes.int16(start + 28),
                let extra = bytes.int16(start + 30), let comment = bytes.int16(start + 32),
                let place = bytes.int32(start + 42), place < offset,
                start + 46 + name + extra + comment <= directory.count
            else { return nil }
            entries.append(
                Entry(
                    name: Array(directory[start + 46..<start + 46 + name]), isEncrypted: flags & 1 == 1, size: size))
            start += 46 + name + extra + comment
        }
        guard entries.count == count else { return nil }
        self.entries = entries
    }
}

/// Numbers of two and four bytes, the lowest first; nil beyond the end.
private struct LittleEndian {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func int16(_ start: Int) -> Int? { number(start, 2) }
    func int32(_ start: Int) -> Int? { number(start, 4) }

    private func number(_ start: Int, _ count: Int) -> Int? {
        guard start >= 0, start + count <= bytes.count else { return nil }
        return bytes[start..<start + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
