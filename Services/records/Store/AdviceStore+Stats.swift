package import API
import Chassis
package import Kernel
import Postgres

/// What administrators ask about all advice: numbers, and nothing of anybody.
extension AdviceStore {
    package func stats(for caller: Caller) async throws -> RecommendationStatsView {
        let scope = Scope(caller)
        let sources = try await database.read(Self.bySource, as: scope) {
            "select \($0) from advice group by source order by source"
        }
        let days = try await database.read(Self.byDay, as: scope) {
            "select \($0) from advice group by 1 order by 1 desc limit 30"
        }
        let faults = try await database.read(Self.byFault, as: scope) {
            "select \($0) from advice where fault is not null group by fault order by count(*) desc, fault"
        }
        let median = try await database.read(
            Column<Double?>("percentile_cont(0.5) within group (order by milliseconds)"), as: scope
        ) { "select \($0) from advice" }.one
        let asked = Dictionary(sources.map { ($0.name, $0.count) }) { first, _ in first }
        let (cached, fresh) = (asked["cache"] ?? 0, asked["model"] ?? 0)
        return RecommendationStatsView(
            total: sources.reduce(0) { $0 + $1.count }, bySource: sources, byDay: days,
            cacheRate: cached + fresh == 0 ? nil : Double(cached) / Double(cached + fresh),
            medianMilliseconds: median.map { Int($0) }, offlineReasons: faults,
            excludedByRule: try await counted("excluded", as: scope),
            topMedicines: try await counted("medicine", as: scope)
        )
    }

    private static let byDay = Projection(
        Column<String>("to_char(created_at at time zone 'UTC', 'YYYY-MM-DD')"), Column<Int>("count(*)"),
        make: NamedCountView.init)
    private static let byFault = Projection(
        Column<String>("fault"), Column<Int>("count(*)"), make: NamedCountView.init)
    private static let bySource = Projection(
        Column<String>("source"), Column<Int>("count(*)"), make: NamedCountView.init)
    private static let counts = Projection(
        Column<String>("name"), Column<Int>("count"), make: NamedCountView.init)

    private func counted(_ kind: String, as scope: Scope) async throws -> [NamedCountView] {
        try await database.read(Self.counts, as: scope) {
            "select \($0) from advice_count where kind = \(kind) order by count desc, name limit 20"
        }
    }
}
