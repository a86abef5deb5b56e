import RecordsDomain
import Testing

struct FileNameTests {
    @Test(arguments: [
        ("scan.pdf", "scan.pdf", "pdf"), ("../../etc/passwd.PDF", "passwd.PDF", "pdf"),
        ("C:\\Users\\me\\x-ray.Jpeg", "x-ray.Jpeg", "jpeg"), ("a.pdf.exe", "a.pdf.exe", "exe"),
        ("a.exe.pdf", "a.exe.pdf", "pdf"), ("تقرير الدم.pdf", "تقرير الدم.pdf", "pdf"),
        ("e\u{301}tat.docx", "\u{e9}tat.docx", "docx"), ("a\r\nb\0c\u{7f}\u{202e}\".png", "abc.png", "png"),
        (" blank .pdf ", "blank .pdf", "pdf"), (".pdf", "file.pdf", "pdf"), ("\u{202e}fdp.exe", "fdp.exe", "exe"),
    ])
    func `a name keeps what names it, and nothing else`(sent: String, kept: String, ending: String) {
        let name = FileName(sent)
        #expect(name.text == kept)
        #expect(Array(name.text.unicodeScalars) == Array(kept.unicodeScalars))
        #expect(name.extension == ending)
    }

    @Test(arguments: ["", "report", "report.", ".", "..", "../", "pdf", "folder.pdf/report"])
    func `without a dot and something behind it there is no extension`(sent: String) {
        #expect(FileName(sent).extension == nil)
    }

    @Test func `a long name is cut at a character, and keeps its extension`() {
        let name = FileName(String(repeating: "é", count: 300) + ".docx")
        #expect(name.text == String(repeating: "é", count: 125) + ".docx")
        #expect(FileName(String(repeating: "👩‍⚕️", count: 40) + ".pdf").text == String(repeating: "👩‍⚕️", count: 19) + ".pdf")
        let ending = FileName("a." + String(repeating: "b", count: 300))
        #expect(ending.text.utf8.count == 255)
    }
}
