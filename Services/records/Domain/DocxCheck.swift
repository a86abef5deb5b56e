/// Whether an archive is a Word document that can be taken, by its directory alone.
package enum DocxCheck {
    /// A directory is not read beyond so many bytes.
    package static let directoryLimit = 262_144
    private static let entryLimit = 2_000
    private static let ratio = 100

    /// Where the directory stands.
    /// - Parameters:
    ///   - tail: the file's last `ZipDirectory.tailCount` bytes.
    ///   - size: the file's bytes.
    package static func place(
        tail: [UInt8], of size: Int
    ) throws(ContentRefusal) -> (bytes: Range<Int>, entries: Int) {
        guard let place = ZipDirectory.place(tail: tail, of: size) else { throw .notDocx }
        if place.entries > entryLimit || place.bytes.count > directoryLimit { throw .unpacksTooFar }
        return place
    }

    /// - Parameter size: the file's bytes: entries may share what is packed, so all of them are measured by it.
    package static func check(_ directory: ZipDirectory, of size: Int) throws(ContentRefusal) {
        let names = directory.entries.map { String(decoding: $0.name, as: UTF8.self).lowercased() }
        if directory.entries.contains(where: \.isEncrypted) { throw .encrypted }
        if names.contains(where: { $0.hasSuffix("vbaproject.bin") }) { throw .macros }
        if directory.entries.reduce(0, { $0 + $1.size }) > ratio * size { throw .unpacksTooFar }
        guard names.allSatisfy(isInside), Set(names).count == names.count, names.contains("[content_types].xml"),
            names.contains("word/document.xml")
        else { throw .notDocx }
    }

    /// A name that leads nowhere else.
    private static func isInside(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("/") && !name.utf8.contains(0) && !name.contains("\\") && !name.contains(":")
            && !name.split(separator: "/", omittingEmptySubsequences: false).contains("..")
    }
}
