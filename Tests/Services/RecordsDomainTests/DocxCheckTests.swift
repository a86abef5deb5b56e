import RecordsDomain
import Testing

struct DocxCheckTests {
    /// As the pipeline asks: the end, the directory, what is in it.
    private func check(_ file: [UInt8]) throws {
        let place = try DocxCheck.place(tail: Array(file.suffix(ZipDirectory.tailCount)), of: file.count)
        let read = ZipDirectory(Array(file[place.bytes]), at: place.bytes.lowerBound, entries: place.entries)
        guard let read else { throw ContentRefusal.notDocx }
        try DocxCheck.check(read, of: file.count)
    }

    private func check(_ change: (inout Zip) -> Void) throws {
        var zip = Zip.docx
        change(&zip)
        try check(zip.bytes)
    }

    @Test func `a document is taken, whatever stands first and with a comment at the end`() throws {
        try check { _ in }
        try check { $0.entries.insert(.init(name: "docProps/app.xml"), at: 0) }
        try check { $0.comment = Array("PK\u{5}\u{6} is not the end".utf8) }
        try check { zip in zip.entries += (0..<1_997).map { .init(name: "word/media/image\($0).png") } }
        try check { $0.entries[2].size = 10_000 }
    }

    @Test func `what is no document, or leads elsewhere, is refused as none`() {
        for names in [
            [], ["[Content_Types].xml"], ["word/document.xml"], ["[Content_Types].xml", "xl/workbook.xml"],
            Zip.docx.entries.map(\.name) + ["../x"], Zip.docx.entries.map(\.name) + ["word/../../x"],
            Zip.docx.entries.map(\.name) + ["/etc/passwd"], Zip.docx.entries.map(\.name) + ["word\\x"],
            Zip.docx.entries.map(\.name) + ["c:x"], Zip.docx.entries.map(\.name) + ["WORD/document.xml"],
        ] {
            #expect(throws: ContentRefusal.notDocx, "\(names)") { try check(Zip(names).bytes) }
        }
    }

    @Test func `macros, passwords and bombs are refused by name`() {
        #expect(throws: ContentRefusal.macros) { try check { $0.entries.append(.init(name: "word/vbaProject.bin")) } }
        #expect(throws: ContentRefusal.macros) { try check { $0.entries.append(.init(name: "x/VBAPROJECT.BIN")) } }
        #expect(throws: ContentRefusal.encrypted) { try check { $0.entries[2].flags = 1 } }
        #expect(throws: ContentRefusal.unpacksTooFar) { try check { $0.entries[2].size = 100_000 } }
        #expect(throws: ContentRefusal.unpacksTooFar) { try check { $0.entries[2].size = .max } }
        #expect(throws: ContentRefusal.unpacksTooFar) {
            try check { zip in zip.entries += (0..<2_000).map { .init(name: "word/\($0)") } }
        }
    }

    @Test func `an archive that was cut, changed or lies is no document and no fault of ours`() {
        let whole = Zip.docx.bytes
        for count in 0..<whole.count {
            #expect(throws: ContentRefusal.notDocx, "cut to \(count)") { try check(Array(whole.prefix(count))) }
        }
        for index in whole.indices {
            for value: UInt8 in [0, 0xFF, whole[index] ^ 1] {
                var changed = whole
                changed[index] = value
                do { try check(changed) } catch { #expect(error is ContentRefusal) }
            }
        }
        #expect(throws: ContentRefusal.notDocx) { try check { $0.count = 2 } }
        #expect(throws: ContentRefusal.notDocx) { try check { $0.count = 4 } }
    }
}
