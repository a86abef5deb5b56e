import Jobs
package import Lifecycle
package import Net
package import RecordsDomain

/// Proposals for a question, asked once: of those who ask the same at the same time one asks the model and the others
/// get its answer, in this process and, by Redis, in the others.
package final class ModelAnswers: Sendable {
    /// How the proposals came.
    package struct Found: Sendable, Equatable {
        package let proposals: [ProposedMedicine]
        package let isCached: Bool
    }

    package typealias Outcome = Result<Found, ModelFault>

    private final class Flight: Sendable {
        let end = Latch()
        let outcome = Locked<Outcome>(.failure(.busy))
    }

    private let model: any ModelSource
    private let cache: AdviceCache?
    private let loop: EventLoop
    private let flights = Locked<[AdviceKey: Flight]>([:])

    /// - Parameter loop: its timer ends the waits for another process.
    package init(_ model: any ModelSource, cache: AdviceCache?, loop: EventLoop) {
        self.model = model
        self.cache = cache
        self.loop = loop
    }

    package var name: String { model.name }

    /// Failures are shared by those who wait, and kept for nobody else.
    package func find(_ question: ModelQuestion, _ key: AdviceKey, until deadline: Deadline) async -> Outcome {
        let own = Flight()
        let running = flights.withLock { flights -> Flight? in
            if let running = flights[key] { return running }
            flights[key] = own
            return nil
        }
        if let running {
            // Whoever flies began before, and is bound to a time as well: it ends first.
            await running.end.wait()
            return running.outcome.withLock { $0 }.map { Found(proposals: $0.proposals, isCached: true) }
        }
        let outcome = await ask(question, key, until: deadline)
        own.outcome.withLock { $0 = outcome }
        flights.withLock { $0[key] = nil }
        own.end.fire()
        return outcome
    }

    private func ask(_ question: ModelQuestion, _ key: AdviceKey, until deadline: Deadline) async -> Outcome {
        if let known = await cache?.find(key) { return .success(Found(proposals: known, isCached: true)) }
        if let cache, await !cache.claim(key) {
            if let known = await waited(for: key, in: cache, until: deadline) {
                return .success(Found(proposals: known, isCached: true))
            }
            // Who asked got nothing, or took too long: there may be no time left to ask again.
            guard deadline.remaining() > .seconds(5) else { return .failure(.timedOut) }
        }
        let outcome = await model.proposals(for: question, until: deadline)
        if case .success(let proposals) = outcome { await cache?.keep(proposals, under: key) }
        await cache?.release(key)
        return outcome.map { Found(proposals: $0, isCached: false) }
    }

    /// What another process is asking for; nil when it ended without an answer.
    private func waited(
        for key: AdviceKey, in cache: AdviceCache, until deadline: Deadline
    ) async -> [ProposedMedicine]? {
        let pause = WakeSignal(on: loop)
        while !deadline.isPast(), await cache.isClaimed(key) { await pause.wait(atMost: .milliseconds(100)) }
        return await cache.find(key)
    }
}
