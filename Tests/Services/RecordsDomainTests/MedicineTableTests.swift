import Foundation
import RecordsDomain
import Testing

struct MedicineTableTests {
    @Test func `the table that comes with the service is sound, and holds what clinics use`() {
        let table = Table.embedded
        #expect(table.medicines.count >= 250)
        #expect(Set(table.medicines.map(\.atc)).count == table.medicines.count)
        #expect(table.medicines.allSatisfy { !$0.uses.isEmpty })
        for group in table.classes.values {
            #expect(table.medicines.count { $0.classes.contains(group.code) } >= 2)
        }
    }

    /// The row as it stands, what stands there instead, and what is said of it.
    @Test(arguments: [
        ("Ezetimibe            | C10AX09", "Ezetimibe            | C10X9", "C10X9 is no ATC code"),
        ("Ezetimibe            | C10AX09", "Ezetimibe            | N02BE01", "the ATC code N02BE01 is there twice"),
        ("| Zetia, Ezetrol | - |", "| Zetia, Ezetrol | wonder |", "wonder is no class of the table"),
        ("| Zetia, Ezetrol |", "| Panadol |", "the name Panadol is that of Paracetamol already"),
        ("| Zetia, Ezetrol | - |", "| Zetia |", "has 9 columns, and [medicines] has 10"),
        (
            "Digoxin | Amiodarone | severe", "Digoxin | Amiodaron | severe",
            "Amiodaron is neither a class nor a medicine"
        ),
        ("Digoxin | Amiodarone | severe", "Digoxin | Amiodarone | grave", "grave is no severity: severe or moderate"),
        (
            "Digoxin | Amiodarone | severe", "Amiodarone | qt | severe | a\nqt | Amiodarone | severe",
            "have a rule already"
        ),
        (
            "10 mg; once a day; as prescribed; - | 10 | - | caution | high-cholesterol",
            "10 mg | 10 | - | caution | high-cholesterol",
            "a dose is how much; how often; how long; how"
        ),
        (
            "once a day; as prescribed; - | 10 | - | caution | high-cholesterol",
            "once a day; as prescribed; - | ten | - | caution | high-cholesterol", "ten is no number of milligrams"
        ),
        ("[red flags]", "[flags]", "[flags] is no section"),
        ("version    | 2026-11-28", "edition | 1", "[about] names no version"),
    ])
    func `a fault of a table is told with its line`(row: String, instead: String, says: String) throws {
        let parts = Table.text.components(separatedBy: row)
        #expect(parts.count == 2)
        let line = parts[0].split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
        let text = parts.joined(separator: instead)
        let faults = try #require(throws: TableFaults.self) { try MedicineTable(text) }
        let found = try #require(faults.faults.first { $0.words.contains(says) }, "\(faults)")
        #expect(abs(found.line - line) <= 1)
        #expect(faults.description.contains("line \(found.line): "))
    }

    @Test func `all faults of a table are told at once, in the order of its lines`() throws {
        let faults = try #require(throws: TableFaults.self) {
            try MedicineTable("[about]\nversion\n[classes]\nx | y\nz")
        }
        #expect(faults.faults.map(\.line) == faults.faults.map(\.line).sorted())
        #expect(faults.faults.count > 5)
    }

    @Test(arguments: ["", "\u{0}", "[", "[]", "|||||||||", String(repeating: "[medicines]\n", count: 1000)])
    func `a text that is no table has faults and no crash`(text: String) {
        #expect(throws: TableFaults.self) { try MedicineTable(text) }
    }
}
