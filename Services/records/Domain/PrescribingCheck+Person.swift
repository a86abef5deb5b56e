/// What the person is or has: conditions, age, pregnancy, and the dose for them.
extension PrescribingCheck {
    /// From here on the doses of the table are those of adults.
    static let adultAge = 12

    func conditions(_ checked: Checked) -> [PrescribingWarning] {
        let recorded = Set(MedicineTable.tags(table.conditions, in: person.problems ?? ""))
        return checked.substances.compactMap(\.medicine).flatMap { medicine in
            medicine.contraindications.filter { recorded.contains($0.value) }.map { bound in
                let condition = bound.value.split(separator: "-").joined(separator: " ")
                return PrescribingWarning(
                    .contraindication, bound.severity, about: checked.new.name, with: condition,
                    bound.severity == .severe
                        ? "\(medicine.name) is not to be given with \(condition)."
                        : "\(medicine.name) is given with \(condition) only with care.")
            }
        }
    }

    func age(_ checked: Checked) -> [PrescribingWarning] {
        guard let age = person.age else { return [] }
        return checked.substances.compactMap { substance in
            guard let medicine = substance.medicine, let least = medicine.minimumAge, age < least.value else {
                return nil
            }
            return PrescribingWarning(
                .age, least.severity, about: checked.new.name,
                "\(medicine.name) is not usual below \(least.value) years.")
        }
    }

    func pregnancy(_ checked: Checked) -> [PrescribingWarning] {
        guard person.isPregnant == true else { return [] }
        return checked.substances.compactMap { substance in
            switch substance.medicine?.pregnancy {
            case .avoid?:
                PrescribingWarning(
                    .pregnancy, .severe, about: checked.new.name, "\(substance.name) is to be avoided in pregnancy.")
            case .caution?:
                PrescribingWarning(
                    .pregnancy, .moderate, about: checked.new.name,
                    "\(substance.name) is given in pregnancy only with care.")
            case .ok?, nil: nil
            }
        }
    }

    /// Over the most an adult takes, where amount and times can be read; where they cannot, that is said. Of a product
    /// of several medicines the dose names no single one.
    func dose(_ checked: Checked) -> [PrescribingWarning] {
        guard !checked.new.dosage.isEmpty, let medicine = checked.substances.compactMap(\.medicine).first else {
            return []
        }
        let name = checked.new.name
        if let age = person.age, age < Self.adultAge {
            return unchecked(name, "The dose was not checked: the table knows those of adults alone.")
        }
        guard checked.substances.count == 1 else {
            return unchecked(name, "The dose was not checked: this is more than one medicine.")
        }
        guard let limit = medicine.weeklyLimit else {
            return unchecked(name, "The dose was not checked: the table knows no highest one.")
        }
        guard let amount = Dosage.milligrams(checked.new.dosage), let times = Dosage.timesAWeek(checked.new.frequency)
        else {
            return unchecked(name, "The dose was not checked: it could not be read in milligrams a day.")
        }
        guard amount * times > limit * 1.001 else { return [] }
        return [
            PrescribingWarning(
                .dose, .severe, about: name,
                "\(Self.written(amount * times / 7)) mg a day of \(medicine.name) is more than any label allows an "
                    + "adult: \(Self.written(limit / 7)) mg a day.")
        ]
    }

    private func unchecked(_ name: String, _ text: String) -> [PrescribingWarning] {
        [PrescribingWarning(.checkIncomplete, .info, about: name, text)]
    }

    /// With at most one decimal; a small number with three.
    static func written(_ number: Double) -> String {
        let scale: Double = number < 1 ? 1000 : 10
        let rounded = (number * scale).rounded() / scale
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? String(Int(rounded)) : String(rounded)
    }
}
