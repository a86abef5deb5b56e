package import API
import Chassis
import Kernel
import Lifecycle
import RecordsDomain
package import Web

/// `/api/recommendations`: medicines for symptoms, by rules that no model can change.
package struct Recommendations: Sendable {
    let adviser: Adviser
    let store: AdviceStore
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func recommend(_ input: RecommendBody, _ call: Call) async throws -> Item<RecommendationView> {
        let caller = try call.requireCaller()
        // Records of patients open by a grant, and there is none: alike for patients that exist and those that do not.
        if input.patient != nil { throw Problem(.forbidden, "You have no access to this patient's records.") }
        // The model is asked before the transaction: a repeated request must not ask again.
        try await unit.recall(call)
        let begin = MonotonicTime.now
        let answer = await adviser.answer(AdviceQuestion(input), until: call.deadline)
        let took = begin.duration(to: .now)
        let now = clock.now
        let view = RecommendationView(answer, to: input, id: .make(at: now), at: now)
        return try await unit.write(call) { tx in
            try await store.insert(view, answer, took: took, for: caller, in: tx)
            try await ledger.note("advice_given", about: "recommendation/\(view.id)", from: call.origin, in: tx)
            return Item(view)
        }
    }

    package func history(_ query: RecommendationsQuery, _ call: Call) async throws -> Listing<RecommendationView> {
        let page = try await store.list(query.page, for: try call.requireCaller())
        return Listing(page, asked: query.page)
    }

    package func stats(_ input: NoInput, _ call: Call) async throws -> Item<RecommendationStatsView> {
        Item(try await store.stats(for: try call.requireCaller()))
    }
}
