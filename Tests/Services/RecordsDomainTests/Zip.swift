/// Archives as tests need them: entries that are not packed, with whatever the directory is to say of them.
struct Zip {
    struct Entry {
        var name: String
        var bytes: [UInt8] = [0x3C, 0x61, 0x2F, 0x3E]
        var flags: UInt16 = 0
        /// What the directory says it has when unpacked.
        var size: UInt32?
    }

    var entries: [Entry]
    var comment: [UInt8] = []
    /// What the end says of the number of entries, where that is not true.
    var count: UInt16?

    init(_ names: [String]) { entries = names.map { Entry(name: $0) } }

    /// What Word writes at least.
    static let docx = Zip(["[Content_Types].xml", "_rels/.rels", "word/document.xml"])

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let size = entry.size ?? UInt32(entry.bytes.count)
            let middle =
                two(20) + two(entry.flags) + two(0) + two(0) + two(0) + four(0)
                + four(UInt32(entry.bytes.count)) + four(size) + two(UInt16(entry.name.utf8.count)) + two(0)
            directory += four(0x0201_4B50) + two(20) + middle + two(0) + two(0) + two(0) + four(0)
            directory += four(UInt32(file.count)) + Array(entry.name.utf8)
            file += four(0x0403_4B50) + middle + Array(entry.name.utf8) + entry.bytes
        }
        let count = count ?? UInt16(entries.count)
        let end = four(0x0605_4B50) + two(0) + two(0) + two(count) + two(count) + four(UInt32(directory.count))
        return file + directory + end + four(UInt32(file.count)) + two(UInt16(comment.count)) + comment
    }

    private func two(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
    private func four(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
}
