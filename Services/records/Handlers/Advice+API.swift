import API
import Kernel
import RecordsDomain

extension AdviceQuestion {
    /// - Parameter known: what is known of the person, read together with what was typed, which goes first.
    init(_ body: RecommendBody, _ known: KnownHealth, on day: CalendarDate) {
        var typed = KnownHealth.Part()
        typed.allergies = body.allergies
        typed.currentMedicines = body.currentMedications
        typed.gender = body.gender
        let health = KnownHealth(parts: [typed] + known.parts, isComplete: known.isComplete)
        var person = health.person(on: day)
        person.age = body.age ?? person.age
        person.isPregnant = body.isPregnant
        self.init(
            symptoms: body.symptoms, gender: health.gender?.word, person: person, isHealthComplete: known.isComplete)
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
