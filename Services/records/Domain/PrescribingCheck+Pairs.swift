/// Two medicines at once: given twice, or acting on each other.
extension PrescribingCheck {
    func withCurrent(_ checked: Checked) -> [PrescribingWarning] {
        current.items.compactMap { worst(checked.substances, $0.substances, checked.new.name, with: nil) }
    }

    /// The medicines of the same list that come before: each pair is looked at once. Parts of one product are not
    /// compared: they were put together on purpose.
    func withNew(_ checked: Checked, after index: Int) -> [PrescribingWarning] {
        medicines[..<index].compactMap { other in
            worst(checked.substances, other.substances, checked.new.name, with: other.new.name)
        }
    }

    private func worst(
        _ some: [Substance], _ others: [Substance], _ name: String, with written: String?
    ) -> PrescribingWarning? {
        some.flatMap { one in
            others.compactMap { other in pair(one, other, name, with: written ?? other.name) }
        }.max { $0.severity < $1.severity }
    }

    private func pair(
        _ one: Substance, _ other: Substance, _ name: String, with written: String
    ) -> PrescribingWarning? {
        if one == other {
            return PrescribingWarning(
                .duplicate, .moderate, about: name, with: written, "\(one.name) is taken already.")
        }
        if let rule = interaction(one, other) {
            return PrescribingWarning(.interaction, rule.severity, about: name, with: written, rule.text)
        }
        let shared = one.codes.intersection(other.codes).compactMap { table.classes[$0] }.filter(\.isOneAtATime)
        return shared.min { $0.code < $1.code }.map { group in
            PrescribingWarning(
                .duplicate, .moderate, about: name, with: written,
                "\(one.name) and \(other.name) are both \(group.name): one at a time.")
        }
    }

    private func interaction(_ one: Substance, _ other: Substance) -> MedicineTable.Interaction? {
        var worst: MedicineTable.Interaction?
        for first in one.codes.sorted() {
            for second in other.codes.sorted() {
                guard let rule = table.interactions[MedicineTable.CodePair(first, second)] else { continue }
                if rule.severity > worst?.severity ?? .info { worst = rule }
            }
        }
        return worst
    }
}
