/// Checks medicines before they are prescribed: the same case gives the same warnings for ever. What could not be
/// checked is said as a warning too; silence means that every check ran.
package struct PrescribingCheck: Sendable {
    let table: MedicineTable
    let person: PrescribingCase.Person
    let medicines: [Checked]
    let allergies: WrittenMedicines
    let current: WrittenMedicines

    /// A new medicine with what its name stands for.
    struct Checked: Sendable {
        let new: PrescribingCase.NewMedicine
        let read: WrittenMedicines
        var substances: [Substance] { read.items.flatMap(\.substances) }
    }

    package init(_ written: PrescribingCase, _ table: MedicineTable) {
        self.table = table
        person = written.person
        medicines = written.medicines.map { Checked(new: $0, read: WrittenMedicines($0.name, table)) }
        allergies = WrittenMedicines(written.person.allergies, table)
        current = WrittenMedicines(written.person.currentMedicines, table)
    }

    /// All warnings, the severest first, otherwise in the order of the medicines.
    package var warnings: [PrescribingWarning] {
        var all: [PrescribingWarning] = []
        for (index, checked) in medicines.enumerated() {
            all += unknown(checked) + allergy(checked) + withCurrent(checked) + withNew(checked, after: index)
            all += conditions(checked) + age(checked) + pregnancy(checked) + dose(checked)
        }
        all += incomplete
        return Severity.allCases.reversed().flatMap { severity in all.filter { $0.severity == severity } }
    }

    // MARK: What could not be checked

    private func unknown(_ checked: Checked) -> [PrescribingWarning] {
        let name = checked.new.name
        if checked.read.items.isEmpty {
            return [
                PrescribingWarning(
                    .unknownMedicine, .moderate, about: name,
                    "\(name) is not in the medicine table: nothing was checked for it.")
            ]
        }
        let guessed = checked.read.items.filter(\.isGuessed).map { item in
            PrescribingWarning(
                .checkIncomplete, .info, about: name, with: Self.names(item.substances),
                "“\(item.written)” was read as \(Self.names(item.substances)).")
        }
        return guessed + unread(checked.read, .info, of: "the medicine", about: name)
    }

    private func unread(
        _ read: WrittenMedicines, _ severity: Severity, of what: String, about medicine: String? = nil
    ) -> [PrescribingWarning] {
        read.unread.map { words in
            PrescribingWarning(
                .checkIncomplete, severity, about: medicine, with: words,
                "“\(words)” in \(what) is not in the medicine table and was not checked.")
        }
    }

    private var incomplete: [PrescribingWarning] {
        var all = unread(allergies, .moderate, of: "the allergies")
        all += unread(current, .moderate, of: "the current medicines")
        for item in (allergies.items + current.items) where item.isGuessed {
            all.append(
                PrescribingWarning(
                    .checkIncomplete, .info, with: Self.names(item.substances),
                    "“\(item.written)” was read as \(Self.names(item.substances))."))
        }
        if allergies.isBlank { all.append(notRecorded("Allergies are not recorded.")) }
        if current.isBlank { all.append(notRecorded("Current medicines are not recorded.")) }
        let substances = medicines.flatMap(\.substances).compactMap(\.medicine)
        if person.age == nil, substances.contains(where: { $0.minimumAge != nil }) {
            all.append(notRecorded("The age is not recorded."))
        }
        if person.pregnancyIsOpen, substances.contains(where: { $0.pregnancy != .ok }) {
            all.append(notRecorded("Whether there is a pregnancy is not recorded."))
        }
        return all
    }

    private func notRecorded(_ text: String) -> PrescribingWarning { PrescribingWarning(.checkIncomplete, .info, text) }

    static func names(_ substances: [Substance]) -> String { substances.map(\.name).joined(separator: ", ") }
}
