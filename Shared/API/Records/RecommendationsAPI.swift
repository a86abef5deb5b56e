import Kernel

/// Advice about symptoms, and what became of it: what records owns (api.md §5).
package enum RecommendationsAPI {
    static let declarations: [Declaration] = [recommend.declaration, history.declaration, stats.declaration]

    package static let recommend = Endpoint(
        .post, "/api/recommendations", "recommendMedicines", of: .records, for: .roles([.doctor, .patient]),
        takes: RecommendBody.self, gives: Item<RecommendationView>.self, says: "Recommendations are ready.",
        summary: "Medicines for symptoms, after the rules; from a model, the cache, or the table alone",
        tag: "Recommendations", refuses: [.forbidden, .accessRequired, .serviceUnavailable], rate: .recommendations,
        within: .seconds(25))

    package static let history = Endpoint(
        .get, "/api/recommendations/history", "listRecommendations", of: .records, for: .roles([.doctor, .patient]),
        takes: RecommendationsQuery.self, gives: Listing<RecommendationView>.self,
        says: "Recommendations retrieved successfully.", summary: "The caller's own questions, the newest first",
        tag: "Recommendations")

    package static let stats = Endpoint(
        .get, "/api/recommendations/stats", "recommendationStats", of: .records, for: .roles([.admin]),
        gives: Item<RecommendationStatsView>.self, says: "Statistics retrieved successfully.",
        summary: "How many, from where, how fast, and what the rules left out", tag: "Recommendations")
}
