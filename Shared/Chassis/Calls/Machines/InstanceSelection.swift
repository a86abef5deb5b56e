package import Kernel

/// The instances of one service: which one gets the next request. Least busy first, in turn among equals; one that
/// keeps failing, or whose health check fails, is passed over until it answers again – but never all of them: with none
/// left well, any is better than none.
package struct InstanceSelection: Sendable {
    /// When an instance is left out, and for how long.
    package struct Rules: Sendable {
        /// Failures in a row after which an instance is passed over.
        package var failures = 3
        package var ejectFor: Duration = .seconds(5)
        package init() {}
    }

    private struct Instance: Sendable {
        var busy = 0
        var failuresInARow = 0
        var ejectedUntil: Instant?
        var isHealthy = true
    }

    private let rules: Rules
    private var all: [Instance]
    private var turn = 0

    package init(count: Int, rules: Rules = Rules()) {
        self.rules = rules
        all = Array(repeating: Instance(), count: count)
    }

    package var count: Int { all.count }

    /// The instance to ask, never the one that was tried; nil when there is no other.
    package mutating func take(at now: Instant, except tried: Int? = nil) -> Int? {
        turn &+= 1
        let index = best(at: now, except: tried, onlyWell: true) ?? best(at: now, except: tried, onlyWell: false)
        if let index { all[index].busy += 1 }
        return index
    }

    package mutating func succeeded(_ index: Int) {
        guard all.indices.contains(index) else { return }
        all[index].busy = max(0, all[index].busy - 1)
        all[index].failuresInARow = 0
        all[index].ejectedUntil = nil
    }

    package mutating func failed(_ index: Int, at now: Instant) {
        guard all.indices.contains(index) else { return }
        all[index].busy = max(0, all[index].busy - 1)
        all[index].failuresInARow += 1
        if all[index].failuresInARow >= rules.failures { all[index].ejectedUntil = now + rules.ejectFor }
    }

    /// The request ended without a word about the instance's health (the client went away).
    package mutating func released(_ index: Int) {
        guard all.indices.contains(index) else { return }
        all[index].busy = max(0, all[index].busy - 1)
    }

    package mutating func checked(_ index: Int, isHealthy: Bool) {
        guard all.indices.contains(index) else { return }
        all[index].isHealthy = isHealthy
        if isHealthy { all[index].ejectedUntil = nil }
    }

    /// Whether another instance is well.
    package func hasOther(than index: Int, at now: Instant) -> Bool {
        all.indices.contains { $0 != index && isWell(all[$0], at: now) }
    }

    private func best(at now: Instant, except tried: Int?, onlyWell: Bool) -> Int? {
        var best: Int?
        for step in all.indices {
            let index = (step + turn) % all.count
            if index == tried { continue }
            if onlyWell, !isWell(all[index], at: now) { continue }
            if let known = best, all[known].busy <= all[index].busy { continue }
            best = index
        }
        return best
    }

    private func isWell(_ instance: Instance, at now: Instant) -> Bool {
        instance.isHealthy && (instance.ejectedUntil.map { $0 <= now } ?? true)
    }
}
