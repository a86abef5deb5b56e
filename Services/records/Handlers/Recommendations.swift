package import API
import Chassis
import Kernel
import Lifecycle
import Observability
import Postgres
import RecordsDomain
package import Web

/// `/api/recommendations`: medicines for symptoms, by rules that no model can change.
package struct Recommendations: Sendable {
    let adviser: Adviser
    let store: AdviceStore
    let access: RecordAccess
    let known: KnownHealthReader
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func recommend(_ input: RecommendBody, _ call: Call) async throws -> Item<RecommendationView> {
        let caller = try call.requireCaller()
        // The model is asked before the transaction: a repeated request must not ask again.
        try await unit.recall(call)
        let question = AdviceQuestion(input, try await health(input, by: caller, call), on: clock.now.date)
        let begin = MonotonicTime.now
        let answer = await adviser.answer(question, until: call.deadline)
        let took = begin.duration(to: .now)
        let now = clock.now
        let view = RecommendationView(answer, to: input, id: .make(at: now), at: now)
        return try await unit.write(call) { tx in
            try await store.insert(view, answer, took: took, for: caller, in: tx)
            try await ledger.note("advice_given", about: "recommendation/\(view.id)", from: call.origin, in: tx)
            return Item(view)
        }
    }

    /// What is known of whom the question is about: of a patient who asks their own, of a doctor's patient with the
    /// right to the summary.
    private func health(_ input: RecommendBody, by caller: Caller, _ call: Call) async throws -> KnownHealth {
        if caller.role == .patient {
            if input.patient != nil { throw Problem(.forbidden, "Your own record is read without being named.") }
            return try await ownHealth(of: caller, call)
        }
        guard let patient = input.patient else { return .nothing }
        _ = try await access.open(AccessRequest(.readSummary, of: patient, what: "advice"), call)
        return await known.health(of: patient, at: caller.hospital, call)
    }

    /// Registry says whose record an account has, unless something of it is kept here.
    private func ownHealth(of caller: Caller, _ call: Call) async throws -> KnownHealth {
        var patient = try await access.keys.patient(of: caller.account)
        if patient == nil {
            do { patient = try await access.directory.me(for: call.origin, until: call.deadline).patient } catch {
                log.warning("advice is given without the patient's record")
                return KnownHealth(parts: [], isComplete: false)
            }
        }
        guard let patient else { return .nothing }
        return await known.health(of: patient, at: nil, call)
    }

    package func history(_ query: RecommendationsQuery, _ call: Call) async throws -> Listing<RecommendationView> {
        let page = try await store.list(query.page, for: try call.requireCaller())
        return Listing(page, asked: query.page)
    }

    package func stats(_ input: NoInput, _ call: Call) async throws -> Item<RecommendationStatsView> {
        Item(try await store.stats(for: try call.requireCaller()))
    }
}
