import RecordsDomain
import Testing

struct FileKindTests {
    private static let ole: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
    private static let contents: [(kind: FileKind, head: [UInt8])] = [
        (.pdf, Array("%PDF-1.7\n".utf8)), (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]),
        (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0, 0]), (.doc, ole), (.docx, [0x50, 0x4B, 3, 4, 20]),
    ]
    private static let strangers: [[UInt8]] = [
        [], [0], Array("<html>%PDF-</html>".utf8), Array("GIF89a".utf8), Array("<svg/>".utf8), Array("%PDF".utf8),
        [0xFF, 0xD8], [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A], [0x50, 0x4B, 5, 6],
        Array("MZ".utf8), Array("%!PS".utf8),
    ]

    @Test func `each kind is told by its own first bytes and by no other's`() {
        for kind in FileKind.allCases {
            for (other, head) in Self.contents {
                if kind == other {
                    #expect(throws: Never.self) { try kind.check(head) }
                } else {
                    #expect(throws: ContentRefusal.self, "\(kind) \(other)") { try kind.check(head) }
                }
            }
            for head in Self.strangers {
                #expect(throws: ContentRefusal.self, "\(kind) \(head)") { try kind.check(head) }
            }
        }
    }

    @Test func `before a PDF a byte order mark and white space may stand, 64 bytes in all`() {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let begin = Array("%PDF-".utf8)
        func blanks(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x0A, count: count) }
        for before in [mark, mark + blanks(61), blanks(64), Array(" \t\r\n".utf8)] {
            #expect(throws: Never.self) { try FileKind.pdf.check(before + begin) }
        }
        for before in [mark + blanks(62), blanks(65), mark + mark, blanks(1) + mark, Array("x".utf8)] {
            #expect(throws: ContentRefusal.otherContent) { try FileKind.pdf.check(before + begin) }
        }
    }

    @Test func `a docx with a password is wrapped in the older format, and said to be encrypted`() {
        #expect(throws: ContentRefusal.encrypted) { try FileKind.docx.check(Self.ole) }
        #expect(throws: ContentRefusal.notDocx) { try FileKind.docx.check([0]) }
        #expect(throws: ContentRefusal.otherContent) { try FileKind.doc.check([0]) }
    }

    @Test func `an extension names one kind`() {
        #expect(FileKind.extensions.map { FileKind(extension: $0) } == [.pdf, .jpeg, .jpeg, .png, .doc, .docx])
        for other in ["", "exe", "docm", "PDF", "html", "pdf.exe"] { #expect(FileKind(extension: other) == nil) }
    }
}
