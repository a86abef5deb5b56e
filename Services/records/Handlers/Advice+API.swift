import API
import Kernel
import RecordsDomain

extension AdviceQuestion {
    /// - Parameter known: what is written down of the person, read together with what was typed.
    init(_ body: RecommendBody, _ known: HealthRecord? = nil) {
        self.init(
            symptoms: body.symptoms, gender: body.gender?.word,
            person: PrescribingCase.Person(
                allergies: Self.together(body.allergies, known?.statedAllergies),
                currentMedicines: Self.together(body.currentMedications, known?.currentMedications), age: body.age,
                isPregnant: body.isPregnant, mayBePregnant: body.gender != .male))
    }

    private static func together(_ typed: String?, _ known: String?) -> String? {
        let texts = [typed, known].compactMap { $0 }.filter { !$0.isEmpty }
        return texts.isEmpty ? typed ?? known : texts.joined(separator: "\n")
    }
}

extension RecommendationView {
    init(_ answer: AnsweredAdvice, to body: RecommendBody, id: ID<Recommendation>, at now: Instant) {
        let advice = answer.advice
        self.init(
            id: id, source: answer.source.rawValue, note: Self.note(answer),
            urgent: advice.urgent.isEmpty ? nil : advice.urgent.joined(separator: " "),
            medicines: advice.medicines.map { RecommendedMedicineView($0) },
            excluded: advice.excluded.map { ExcludedMedicineView(name: $0.name, reason: $0.reason) },
            warnings: advice.warnings.map { MedicineWarningView($0) }, question: RecommendationQuestionView(body),
            createdAt: now)
    }

    private static func note(_ answer: AnsweredAdvice) -> String? {
        guard answer.source == .offline else { return nil }
        return answer.advice.medicines.isEmpty
            ? "No model was heard, and the medicine table has nothing for this: ask a doctor or a pharmacist."
            : "No model was heard: this comes from the medicine table alone."
    }
}

extension RecommendedMedicineView {
    init(_ medicine: AdvisedMedicine) {
        self.init(
            name: medicine.name, atc: medicine.atc, dosage: medicine.dosage, frequency: medicine.frequency,
            duration: medicine.duration, instructions: medicine.instructions,
            warnings: medicine.warnings.map { MedicineWarningView($0) })
    }
}

extension MedicineWarningView {
    init(_ warning: PrescribingWarning) {
        self.init(
            code: warning.code.rawValue, severity: warning.severity.rawValue, medicine: warning.medicine,
            with: warning.with, text: warning.text)
    }
}
