extension PrescribingCheck {
    /// One warning for each recorded allergy, the worst that the medicine's parts give.
    func allergy(_ checked: Checked) -> [PrescribingWarning] {
        allergies.items.compactMap { item in
            let found = item.substances.flatMap { allergen in
                checked.substances.compactMap { allergy(to: allergen, of: $0, checked.new.name) }
            }
            return found.max { $0.severity < $1.severity }
        }
    }

    private func allergy(
        to allergen: Substance, of substance: Substance, _ name: String
    ) -> PrescribingWarning? {
        if let medicine = allergen.medicine, medicine == substance.medicine {
            return PrescribingWarning(
                .allergy, .severe, about: name, with: allergen.name, "Allergic to \(allergen.name).")
        }
        let shared = allergen.codes.intersection(substance.codes).compactMap { table.classes[$0] }
        if allergen.medicine == nil || substance.medicine == nil, let group = shared.first {
            return PrescribingWarning(
                .allergy, .severe, about: name, with: allergen.name,
                "\(substance.name) is one of the \(group.name), and an allergy to \(allergen.name) is recorded.")
        }
        if let group = shared.filter(\.isOneAllergy).min(by: { $0.code < $1.code }) {
            return PrescribingWarning(
                .crossAllergy, .severe, about: name, with: allergen.name,
                "\(substance.name) and \(allergen.name) are both \(group.name): "
                    + "an allergy to one is taken as one to all.")
        }
        return crossAllergy(allergen, substance, name)
    }

    private func crossAllergy(
        _ allergen: Substance, _ substance: Substance, _ name: String
    ) -> PrescribingWarning? {
        table.crossAllergies
            .filter { allergen.codes.contains($0.allergen) && substance.codes.contains($0.group) }
            .max { $0.severity < $1.severity }
            .map { PrescribingWarning(.crossAllergy, $0.severity, about: name, with: allergen.name, $0.text) }
    }
}
