package import Lifecycle
package import RecordsDomain
import Sealing

/// Answers a question about symptoms: a model's proposals after the rules, or the table's own advice where there is no
/// model, it fails, or nothing of it is left.
package struct Adviser: Sendable {
    let table: MedicineTable
    let keys: ServiceKeys
    /// Nil where no model is set up.
    let answers: ModelAnswers?

    /// Time for what follows the model: rules, a commit, the way back.
    static let reserve: Duration = .seconds(3)

    package func answer(_ question: AdviceQuestion, until deadline: Deadline) async -> AnsweredAdvice {
        let rules = AdviceRules(table)
        guard let answers else { return offline(question, rules, .notSetUp) }
        let asked = ModelQuestion(question, table)
        let key = AdviceKey(asked, model: answers.name, table: table.version, keys)
        let end = Deadline.after(max(deadline.remaining() - Self.reserve, .zero))
        switch await answers.find(asked, key, until: end) {
        case .failure(let fault): return offline(question, rules, fault)
        case .success(let found):
            let advice = rules.judge(found.proposals, for: question)
            guard !advice.medicines.isEmpty else { return offline(question, rules, .nothingLeft, after: advice) }
            return AnsweredAdvice(advice, from: found.isCached ? .cache : .model)
        }
    }

    /// - Parameter judged: what the rules left of a model's proposals: nothing but what they left out.
    private func offline(
        _ question: AdviceQuestion, _ rules: AdviceRules, _ fault: ModelFault, after judged: Advice? = nil
    ) -> AnsweredAdvice {
        var advice = rules.offline(question)
        let known = Set(advice.excluded.map(\.name))
        advice.excluded += (judged?.excluded ?? []).filter { !known.contains($0.name) }
        return AnsweredAdvice(advice, from: .offline, because: fault.code)
    }
}
