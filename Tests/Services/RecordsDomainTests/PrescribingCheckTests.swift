import RecordsDomain
import Testing

struct PrescribingCheckTests {
    typealias Code = PrescribingWarning.Code

    @Test(arguments: [
        ("amoxicillin", "Penicillin", Code.allergy, Severity.severe), ("Augmentin", "penicillins", .allergy, .severe),
        ("amoxicillin", "Amoxil", .allergy, .severe), ("Co-amoxiclav", "amoxicillin (rash)", .allergy, .severe),
        ("ampicillin", "amoxicillin", .crossAllergy, .severe), ("cefalexin", "penicillin", .crossAllergy, .moderate),
        ("ibuprofen", "aspirin", .crossAllergy, .severe), ("aspirin", "NSAIDs", .crossAllergy, .severe),
        ("diclofenac", "NSAIDs; latex", .allergy, .severe), ("Bactrim", "sulfa drugs", .allergy, .severe),
        ("sulfasalazine", "Septran", .crossAllergy, .severe), ("ciprofloxacin", "levofloxacin", .crossAllergy, .severe),
        ("phenytoin", "carbamazepine", .crossAllergy, .severe), ("penicillin", "amoxicillin", .allergy, .severe),
    ])
    func `an allergy is found by name, brand, class and cross-class`(
        medicine: String, allergies: String, code: Code, severity: Severity
    ) {
        let found = PrescribingCheck.warnings(medicine, allergies: allergies).first
        #expect(found?.code == code && found?.severity == severity && found?.medicine == medicine)
    }

    @Test(arguments: [
        ("furosemide", "sulfa drugs"), ("azithromycin", "penicillin"), ("paracetamol", "aspirin, ibuprofen"),
        ("atorvastatin", "simvastatin"), ("amlodipine", "amoxicillin"), ("clindamycin", "penicillin, cephalosporins"),
    ])
    func `an allergy to something else says nothing`(medicine: String, allergies: String) {
        #expect(PrescribingCheck.warnings(medicine, allergies: allergies) == [])
    }

    @Test func `an allergy nobody knows is said, moderate, with its words`() {
        let warnings = PrescribingCheck.warnings("paracetamol", allergies: "latex, Wonderdrug")
        #expect(warnings.map(\.code) == [.checkIncomplete, .checkIncomplete])
        #expect(warnings.map(\.with) == ["latex", "wonderdrug"] && warnings.allSatisfy { $0.severity == .moderate })
    }

    @Test func `what was not recorded is said once each, and is no reason to refuse`() {
        let warnings = PrescribingCheck.warnings(
            "aspirin", allergies: nil, current: "", age: nil, isPregnant: nil)
        #expect(warnings.count == 4)
        #expect(warnings.allSatisfy { $0.code == .checkIncomplete && $0.severity == .info })
        #expect(PrescribingCheck.warnings("aspirin") == [])
    }

    @Test func `a medicine that is not in the table was not checked, and that is said`() {
        let warnings = PrescribingCheck.warnings("Wonderdrug 5 mg")
        #expect(warnings.map(\.code) == [.unknownMedicine] && warnings[0].severity == .moderate)
    }

    @Test func `the same medicine twice, by brand or in a product, is a duplicate`() {
        #expect(PrescribingCheck.warnings("Panadol", current: "paracetamol").map(\.code) == [.duplicate])
        #expect(PrescribingCheck.warnings("Panadol Extra", current: "Calpol syrup").map(\.code) == [.duplicate])
        #expect(PrescribingCheck.warnings("naproxen", current: "Brufen 400").map(\.code) == [.duplicate])
        #expect(PrescribingCheck.warnings("ramipril", current: "lisinopril").map(\.code) == [.duplicate])
        #expect(PrescribingCheck.warnings("Ethambutol", current: "Rifinah").map(\.code) == [])
    }

    @Test func `parts of one product are not compared with each other`() {
        #expect(PrescribingCheck.warnings("Co-codamol").filter { $0.severity > .info } == [])
        #expect(PrescribingCheck.warnings("Entresto").filter { $0.severity > .info } == [])
    }

    @Test(arguments: [
        ("propranolol", "asthma since childhood", Severity.severe), ("atenolol", "Bronchial asthma", .moderate),
        ("ibuprofen", "peptic ulcer disease 2019", .severe), ("nitrofurantoin", "G6PD deficiency", .severe),
        ("metoclopramide", "Parkinson's disease", .severe), ("bupropion", "epilepsy", .severe),
        ("Microgynon", "DVT in 2020", .severe), ("ibuprofen", "CKD stage 3", .severe),
    ])
    func `a recorded condition speaks against a medicine`(medicine: String, problems: String, severity: Severity) {
        let found = PrescribingCheck.warnings(medicine, problems: problems).filter { $0.code == .contraindication }
        #expect(!found.isEmpty && found.allSatisfy { $0.severity == severity })
    }

    @Test func `a condition that was not recorded says nothing`() {
        #expect(PrescribingCheck.warnings("propranolol", problems: "fractured wrist") == [])
    }

    @Test func `age and pregnancy are looked at`() {
        #expect(PrescribingCheck.warnings("aspirin", age: 15).map(\.code) == [.age])
        #expect(PrescribingCheck.warnings("aspirin", age: 16) == [])
        #expect(PrescribingCheck.warnings("codeine", age: 11).first?.severity == .severe)
        #expect(PrescribingCheck.warnings("lisinopril", isPregnant: true).map(\.severity) == [.severe])
        #expect(PrescribingCheck.warnings("metformin", isPregnant: true).map(\.severity) == [.moderate])
        #expect(PrescribingCheck.warnings("paracetamol", isPregnant: true) == [])
        #expect(PrescribingCheck.warnings("lisinopril", age: 70, isPregnant: nil) == [])
    }

    @Test(
        arguments: [
            ("paracetamol", "1 g", "every 4 hours"), ("paracetamol", "2 x 500 mg", "6 times a day"),
            ("ibuprofen", "800mg", "5 times daily"), ("methotrexate", "10 mg", "once daily"),
            ("metformin", "1000 mg", "1-1-1-1"), ("levothyroxine", "1 mg", "od"), ("digoxin", "", ""),
            ("amlodipine", "10 mg", "twice a day"), ("simvastatin", "0,1 g", "at night"),
        ].filter { !$0.1.isEmpty })
    func `a dose over the most of any label is severe`(medicine: String, dosage: String, frequency: String) {
        let found = PrescribingCheck.warnings(medicine, dosage: dosage, frequency: frequency)
        #expect(found.map(\.code) == [.dose] && found.first?.severity == .severe)
    }

    @Test(arguments: [
        ("paracetamol", "500 to 1000 mg", "every 4 to 6 hours, at most 4 times a day"), ("paracetamol", "1 g", "q6h"),
        ("ibuprofen", "400 mg", "TDS"), ("methotrexate", "15 mg", "once a week"), ("metformin", "500mg", "1-0-1"),
        ("levothyroxine", "100 mcg", "once daily"), ("alprazolam", "0,5 mg", "twice a day"),
        ("alendronic acid", "70 mg", "once weekly"), ("digoxin", "", "daily"),
    ])
    func `a usual dose says nothing`(medicine: String, dosage: String, frequency: String) {
        #expect(PrescribingCheck.warnings(medicine, dosage: dosage, frequency: frequency) == [])
    }

    @Test(arguments: [
        ("paracetamol", "2 tablets", "twice a day"), ("paracetamol", "1,000 mg", "twice a day"),
        ("paracetamol", "1.000 mg", "twice a day"),
        ("paracetamol", "500 mg", "as needed"), ("paracetamol", "250 mg/5 ml", "twice a day"),
        ("Augmentin", "625 mg", "twice a day"), ("digoxin", "250 mcg", "daily"), ("paracetamol", "99999999999 mg", "x"),
    ])
    func `a dose that cannot be checked is said`(medicine: String, dosage: String, frequency: String) {
        let found = PrescribingCheck.warnings(medicine, dosage: dosage, frequency: frequency)
        #expect(found.map(\.code) == [.checkIncomplete] && found.first?.severity == .info)
    }

    @Test func `the table's own doses are within its own limits`() {
        for medicine in Table.embedded.medicines {
            guard let dose = medicine.dose else { continue }
            let found = PrescribingCheck.warnings(
                medicine.name, age: 40, dosage: dose.dosage, frequency: dose.frequency)
            #expect(!found.contains { $0.code == .dose }, "\(medicine.name)")
        }
    }

    @Test func `the severest warning comes first`() {
        let warnings = PrescribingCheck.warnings(
            "ibuprofen", allergies: "aspirin, latex", current: "warfarin, lisinopril", problems: "asthma")
        #expect(warnings.map(\.severity) == warnings.map(\.severity).sorted(by: >))
        #expect(Set(warnings.map(\.code)) == [.crossAllergy, .interaction, .contraindication, .checkIncomplete])
    }

    @Test func `a case of fifty medicines is checked in milliseconds`() {
        let names = Table.embedded.medicines.prefix(50).map { PrescribingCase.NewMedicine(name: $0.name) }
        let person = PrescribingCase.Person(
            allergies: "Penicillin, NSAIDs; latex", currentMedicines: "Metformin\nAmlodipine", age: 60)
        let written = PrescribingCase(person: person, medicines: Array(names))
        let first = PrescribingCheck(written, Table.embedded).warnings
        #expect(first == PrescribingCheck(written, Table.embedded).warnings && first.count > 50)
    }
}
