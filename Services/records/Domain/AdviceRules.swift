/// What stands between a proposal, whoever made it, and a person.
package struct AdviceRules: Sendable {
    package let table: MedicineTable

    package init(_ table: MedicineTable) { self.table = table }

    /// What in the words of the question must not wait.
    package func urgent(_ symptoms: String) -> [String] { MedicineTable.tags(table.redFlags, in: symptoms) }

    /// The proposals that the rules let pass, at most five. Unknown names are dropped: nobody could say that they are
    /// harmless. What is severe is excluded with its reason; of a lesser warning only the medicine is told.
    package func judge(_ proposals: [ProposedMedicine], for question: AdviceQuestion) -> Advice {
        var advice = Advice(urgent: urgent(question.symptoms))
        for proposal in proposals where advice.medicines.count < Advice.limit {
            take(proposal, for: question, into: &advice)
        }
        advice.warnings = aboutPerson(question, advice)
        return advice
    }

    /// Self-care by the table, without any model: for each complaint that was understood the first medicine that no
    /// rule speaks against, and a second one of another kind.
    package func offline(_ question: AdviceQuestion) -> Advice {
        var advice = Advice(urgent: urgent(question.symptoms))
        for use in MedicineTable.tags(table.uses, in: question.symptoms) {
            var taken = 0
            for medicine in table.medicines where taken < 2 && advice.medicines.count < Advice.limit {
                guard let dose = medicine.dose, medicine.uses.contains(use) else { continue }
                if advice.medicines.contains(where: { $0.name == medicine.name }) {
                    taken += 1
                    continue
                }
                let before = advice.medicines.count
                take(ProposedMedicine(medicine, dose), for: question, isStrict: true, into: &advice)
                taken += advice.medicines.count - before
            }
        }
        advice.warnings = aboutPerson(question, advice)
        return advice
    }

    private func take(
        _ proposal: ProposedMedicine, for question: AdviceQuestion, isStrict: Bool = false, into advice: inout Advice
    ) {
        guard let known = KnownProposal(proposal, table), !advice.medicines.contains(where: { $0.name == known.name })
        else { return }
        let warnings = check(known, beside: advice.medicines, question)
        let most: Severity = isStrict ? .info : .moderate
        if let reason = warnings.first(where: { $0.severity > most && $0.code != .dose }) {
            return exclude(known.name, reason.code, reason.text, &advice)
        }
        // Of a dose too high, and of one nobody could check; a guessed name has what it was read as beside it.
        let isDoseRefused = warnings.contains {
            $0.code == .dose || $0.code == .checkIncomplete && $0.with == nil
        }
        guard let dose = known.dose(isDoseRefused, age: question.person.age) else {
            return exclude(
                known.name, .dose, "The proposed dose could not be stood for, and the table has no other.", &advice)
        }
        advice.medicines.append(
            AdvisedMedicine(
                name: known.name, atc: known.medicines.first?.atc ?? "", dosage: dose.dosage, frequency: dose.frequency,
                duration: dose.duration, instructions: dose.instructions,
                warnings: warnings.filter { $0.code != .dose && $0.code != .checkIncomplete }))
    }

    private func exclude(
        _ name: String, _ code: PrescribingWarning.Code, _ reason: String, _ advice: inout Advice
    ) {
        guard !advice.excluded.contains(where: { $0.name == name }) else { return }
        advice.excluded.append(Advice.Excluded(name: name, code: code, reason: reason))
    }

    /// What is said of the medicine, beside those that were taken before it.
    private func check(
        _ known: KnownProposal, beside others: [AdvisedMedicine], _ question: AdviceQuestion
    ) -> [PrescribingWarning] {
        let medicines =
            others.map { PrescribingCase.NewMedicine(name: $0.name) }
            + [
                PrescribingCase.NewMedicine(
                    name: known.name, dosage: known.proposal.dosage, frequency: known.proposal.frequency)
            ]
        return PrescribingCheck(PrescribingCase(person: question.person, medicines: medicines), table).warnings
            .filter { $0.medicine == known.name }
    }

    /// What is said once, whatever medicines are named.
    private func aboutPerson(_ question: AdviceQuestion, _ advice: Advice) -> [PrescribingWarning] {
        let medicines = advice.medicines.map { PrescribingCase.NewMedicine(name: $0.name) }
        let warnings = PrescribingCheck(PrescribingCase(person: question.person, medicines: medicines), table).warnings
        return (question.isHealthComplete ? [] : [PrescribingCheck.unasked]) + warnings.filter { $0.medicine == nil }
    }
}

extension ProposedMedicine {
    init(_ medicine: Medicine, _ dose: Medicine.Dose, named name: String? = nil) {
        self.init(
            name: name ?? medicine.name, dosage: dose.dosage, frequency: dose.frequency, duration: dose.duration,
            instructions: dose.instructions)
    }
}
