/// The kinds of files that are taken, each told by its extension and by its first bytes: both have to say the same.
package enum FileKind: String, Sendable, CaseIterable {
    case pdf, png, jpeg, doc, docx

    /// How many of a file's first bytes are looked at; a shorter file is looked at whole.
    package static let headCount = 80

    /// By the extension, in lower case and without its dot.
    package init?(extension text: String) {
        switch text {
        case "jpg": self = .jpeg
        default: self.init(rawValue: text)
        }
    }

    /// The extensions that name a kind.
    package static let extensions = ["pdf", "jpg", "jpeg", "png", "doc", "docx"]

    package var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .doc: "application/msword"
        case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        }
    }

    /// - Parameter head: the file's first `headCount` bytes.
    package func check(_ head: [UInt8]) throws(ContentRefusal) {
        if self == .docx, head.starts(with: Self.compoundFile) { throw .encrypted }
        guard fits(head) else { throw self == .docx ? .notDocx : .otherContent }
    }

    private func fits(_ head: [UInt8]) -> Bool {
        switch self {
        case .pdf: Self.isPDF(head.prefix(Self.headCount))
        case .png: head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case .jpeg: head.starts(with: [0xFF, 0xD8, 0xFF])
        case .doc: head.starts(with: Self.compoundFile)
        case .docx: head.starts(with: [0x50, 0x4B, 0x03, 0x04])
        }
    }

    /// Word's format before 2007; also what a docx with a password is wrapped in.
    private static let compoundFile: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]

    /// Before `%PDF-` a byte order mark and white space may stand, 64 bytes in all: some scanners write them.
    private static func isPDF(_ head: ArraySlice<UInt8>) -> Bool {
        var rest = head
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        rest = rest.drop { [0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) }
        return rest.startIndex - head.startIndex <= 64 && rest.starts(with: Array("%PDF-".utf8))
    }
}

/// Why a file's content is not taken. The raw values are stable words of `content_refused`.
package enum ContentRefusal: String, Error, Sendable {
    /// The first bytes are not of the kind that the extension names.
    case otherContent = "other_content"
    /// A docx without what makes it one, or a zip that cannot be read.
    case notDocx = "not_docx"
    case macros
    case encrypted
    /// Too many entries, or a hundred times larger when unpacked.
    case unpacksTooFar = "unpacks_too_far"
}
