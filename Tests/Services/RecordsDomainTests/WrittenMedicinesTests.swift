import RecordsDomain
import Testing

struct WrittenMedicinesTests {
    private func read(_ text: String?) -> WrittenMedicines { WrittenMedicines(text, Table.embedded) }

    private func names(_ text: String) -> [String] { read(text).items.flatMap(\.substances).map(\.name) }

    @Test(arguments: [
        ("Paracetamol", ["Paracetamol"]), ("PANADOL 500mg", ["Paracetamol"]), ("acetaminophen", ["Paracetamol"]),
        ("Penicillin, NSAIDs", ["penicillins", "anti-inflammatory painkillers"]),
        ("Augmentin", ["Amoxicillin", "Clavulanic acid"]), ("co-amoxiclav", ["Amoxicillin", "Clavulanic acid"]),
        ("coamoxiclav 625", ["Amoxicillin", "Clavulanic acid"]), ("TMP/SMX", ["Sulfamethoxazole", "Trimethoprim"]),
        ("amoxycillin", ["Amoxicillin"]), ("Sulphamethoxazole", ["Sulfamethoxazole"]), ("Cephalexin", ["Cefalexin"]),
        ("Frusemide 40", ["Furosemide"]), ("oestradiol", ["Estradiol"]), ("St. John’s wort", ["St John's wort"]),
        ("penicillin V", ["Phenoxymethylpenicillin"]), ("Acétaminophène", ["Paracetamol"]),
        ("Aspirin and warfarin", ["Aspirin", "Warfarin"]),
        ("metformin for diabetes\namlodipine 5mg", ["Metformin", "Amlodipine"]),
        ("sulfa drugs", ["sulfonamide antibiotics"]), ("allergic to penicillin (anaphylaxis)", ["penicillins"]),
    ])
    func `a name is read whatever it is called`(text: String, names: [String]) {
        #expect(self.names(text) == names)
        #expect(read(text).unread == [])
    }

    @Test(arguments: [
        ("Amoxicilin", "Amoxicillin"), ("amoxcillin", "Amoxicillin"), ("Ibuprofin", "Ibuprofen"),
        ("Paracetmol", "Paracetamol"), ("Metfromin", "Metformin"), ("ciprofloxacine", "Ciprofloxacin"),
        ("Levothyroxin", "Levothyroxine"), ("Clarithromicin", "Clarithromycin"), ("augmentine", "Amoxicillin"),
        ("Diclofenak", "Diclofenac"),
    ])
    func `a misspelt name is read as the nearest`(text: String, name: String) {
        #expect(names(text).first == name)
    }

    @Test func `what was guessed is told`() {
        let warnings = PrescribingCheck.warnings("Ibuprofin")
        #expect(warnings.map(\.code) == [.checkIncomplete] && warnings[0].with == "Ibuprofen")
        #expect(read("Ibuprofin").items.map(\.isGuessed) == [true])
        #expect(read("Ibuprofen").items.map(\.isGuessed) == [false])
    }

    @Test(arguments: ["latex", "peanuts", "pollen", "Wonderdrug", "xyzzy 50 mg", "Celebex-like thing", "Cerebyx"])
    func `what stands for nothing in the table is said, and nothing else is made of it`(text: String) {
        #expect(!read(text).unread.isEmpty)
    }

    @Test(arguments: [
        "none", "None.", "NIL", "nkda", "NKA", "no known allergies", "No known drug allergies", "-", "n/a",
        "not taking any medication", "No allergies",
    ])
    func `a word for none is none known, and not blank`(text: String) {
        #expect(read(text).items.isEmpty && read(text).unread.isEmpty && !read(text).isBlank)
    }

    @Test(arguments: [
        "none except penicillin", "NKDA, penicillin", "no known allergies; penicillin", "nil but penicillin",
    ])
    func `what follows a word for none is read on`(text: String) {
        #expect(names(text) == ["penicillins"])
    }

    @Test(arguments: [nil, "", "  \n"])
    func `nothing written is blank`(text: String?) { #expect(read(text).isBlank) }

    @Test func `look-alike names that exist are never taken for each other`() {
        for medicine in Table.embedded.medicines { #expect(names(medicine.name) == [medicine.name]) }
    }

    @Test func `a long hostile text is read within its length`() {
        let text = String(repeating: "abcdefghijkl mnopqrstuv, ", count: 200)
        #expect(read(text).unread.count == 200)
    }
}
