package import API
import Chassis
import Kernel
import Lifecycle
import Postgres
import RecordsDomain
package import Web

/// `/api/recommendations`: medicines for symptoms, by rules that no model can change.
package struct Recommendations: Sendable {
    let adviser: Adviser
    let store: AdviceStore
    let access: RecordAccess
    let health: PatientHealthStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func recommend(_ input: RecommendBody, _ call: Call) async throws -> Item<RecommendationView> {
        let caller = try call.requireCaller()
        // The model is asked before the transaction: a repeated request must not ask again.
        try await unit.recall(call)
        let known = try await known(input, by: caller, call)
        let begin = MonotonicTime.now
        let answer = await adviser.answer(AdviceQuestion(input, known), until: call.deadline)
        let took = begin.duration(to: .now)
        let now = clock.now
        let view = RecommendationView(answer, to: input, id: .make(at: now), at: now)
        return try await unit.write(call) { tx in
            try await store.insert(view, answer, took: took, for: caller, in: tx)
            try await ledger.note("advice_given", about: "recommendation/\(view.id)", from: call.origin, in: tx)
            return Item(view)
        }
    }

    /// What is written down of whom the question is about: of a patient who asks their own, of a doctor's patient with
    /// the right to the summary.
    private func known(_ input: RecommendBody, by caller: Caller, _ call: Call) async throws -> HealthRecord? {
        var patient = input.patient
        if caller.role == .patient {
            if patient != nil { throw Problem(.forbidden, "Your own record is read without being named.") }
            patient = try await access.keys.patient(of: caller.account)
        } else if let patient {
            _ = try await access.open(AccessRequest(.readSummary, of: patient, what: "advice"), call)
        }
        guard let patient else { return nil }
        return try await health.find(patient, as: .service)?.record
    }

    package func history(_ query: RecommendationsQuery, _ call: Call) async throws -> Listing<RecommendationView> {
        let page = try await store.list(query.page, for: try call.requireCaller())
        return Listing(page, asked: query.page)
    }

    package func stats(_ input: NoInput, _ call: Call) async throws -> Item<RecommendationStatsView> {
        Item(try await store.stats(for: try call.requireCaller()))
    }
}
