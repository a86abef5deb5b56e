import Kernel
import Testing

@Suite struct SearchTextTests {
    @Test(arguments: [
        ("García", "garcia"), ("GARCI\u{301}A", "garcia"), ("Łukasz", "lukasz"), ("Søren Æbelø", "soren aebelo"),
        ("Đorđe Þór", "dorde thor"), ("Straße STRASSE ẞ", "strasse strasse ss"), ("Işık İnönü", "isik inonu"),
        ("Kɔfi Ɛsi", "kofi esi"), ("Ångström ÿ", "angstrom y"), ("Nguyễn", "nguyen"), ("Œuvre Ĳssel", "oeuvre ijssel"),
    ])
    func `a Latin letter is compared by the plain one`(text: String, folded: String) {
        #expect(SearchText.folded(text) == folded)
    }

    @Test(arguments: [
        ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"), ("Андре\u{439} Ёлкина", "андреи елкина"),
        ("Ｋｉｎｇ", "king"), ("Griﬃn", "griffin"), ("が か\u{3099}", "が が"), ("각", "각"),
    ])
    func `other scripts keep their letters, without case, marks, width and ligatures`(text: String, folded: String) {
        #expect(Array(SearchText.folded(text).unicodeScalars) == Array(folded.unicodeScalars))
    }

    @Test(arguments: ["'", "’", "‘", "ʼ", "ʻ", "ʹ", "′", "´", "`", "＇", "‛"])
    func `every apostrophe is one`(apostrophe: String) {
        #expect(SearchText.folded("O\(apostrophe)Neill") == "o'neill")
    }

    @Test(arguments: ["-", "‐", "\u{2011}", "‒", "–", "—", "―", "−", "－", "﹣", "־"])
    func `every dash is one`(dash: String) {
        #expect(SearchText.folded("Smith\(dash)Jones") == "smith-jones")
    }

    @Test func `ASCII is folded alike whether alone or beside other letters`() {
        for byte in UInt8(0)..<0x80 {
            let text = String(UnicodeScalar(byte))
            #expect(SearchText.folded("é" + text + "x") == "e" + SearchText.folded(text) + "x", "\(byte)")
        }
    }

    @Test func `what nobody sees is no part of a name`() {
        #expect(SearchText.folded("Gar\u{AD}c\u{200B}ia\u{FE0F}") == "garcia")
    }

    @Test func `a comma is a blank, in the order of a telephone book`() {
        #expect(SearchText.words(of: "King, Ada") == ["king", "ada"])
        #expect(SearchText.words(of: "King,Ada；") == ["king", "ada"])
        #expect(SearchText.words(of: " \t, ").isEmpty)
    }

    @Test func `folding twice changes nothing`() {
        for value in UInt32(1)...0x1FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let once = SearchText.folded(String(scalar))
            #expect(SearchText.folded(once) == once, "U+\(String(value, radix: 16))")
        }
    }
}
