import Forms
package import JSON
package import Kernel

/// An answer about symptoms: `urgent` is what must not wait for a medicine.
package struct RecommendationView: View, Equatable {
    package static let disclaimer =
        "This is general information and no medical advice. It knows only what you wrote. Ask a doctor or a pharmacist "
        + "before you take a medicine, and get help at once if you feel very ill."

    package let id: ID<Recommendation>
    /// `model`, `cache` or `offline`.
    package let source: String
    /// What the source means for the reader, where it is not a model.
    package let note: String?
    package let urgent: String?
    package let medicines: [RecommendedMedicineView]
    package let excluded: [ExcludedMedicineView]
    package let warnings: [MedicineWarningView]
    package let question: RecommendationQuestionView
    package let createdAt: Instant

    package init(
        id: ID<Recommendation>, source: String, note: String?, urgent: String?, medicines: [RecommendedMedicineView],
        excluded: [ExcludedMedicineView], warnings: [MedicineWarningView], question: RecommendationQuestionView,
        createdAt: Instant
    ) {
        self.id = id
        self.source = source
        self.note = note
        self.urgent = urgent
        self.medicines = medicines
        self.excluded = excluded
        self.warnings = warnings
        self.question = question
        self.createdAt = createdAt
    }

    /// As it was written by its shape; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.string.flatMap({ ID<Recommendation>($0) }), let source = json["source"]?.string,
            let question = json["question"].flatMap({ RecommendationQuestionView($0) }),
            let createdAt = json["created_at"]?.string.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        self.init(
            id: id, source: source, note: json["note"]?.string, urgent: json["urgent"]?.string,
            medicines: (json["medicines"]?.array ?? []).compactMap { RecommendedMedicineView($0) },
            excluded: (json["excluded"]?.array ?? []).compactMap { ExcludedMedicineView($0) },
            warnings: (json["warnings"]?.array ?? []).compactMap { MedicineWarningView($0) }, question: question,
            createdAt: createdAt)
    }

    package static let shape = Shape<RecommendationView>(
        "Recommendation", .id("id") { $0.id }, .choice("source", ["model", "cache", "offline"]) { $0.source },
        .maybe("note") { $0.note }, .maybe("urgent") { $0.urgent }, .views("medicines") { $0.medicines },
        .views("excluded") { $0.excluded }, .views("warnings") { $0.warnings },
        .text("disclaimer") { _ in RecommendationView.disclaimer }, .view("question") { $0.question },
        .instant("created_at") { $0.createdAt })
}

/// A name and how often.
package struct NamedCountView: View, Equatable {
    package let name: String
    package let count: Int

    package init(name: String, count: Int) {
        self.name = name
        self.count = count
    }

    package static let shape = Shape<NamedCountView>(
        "NamedCount", .text("name") { $0.name }, .integer("count") { $0.count })
}

/// What became of all advice.
package struct RecommendationStatsView: View, Equatable {
    package let total: Int
    package let bySource: [NamedCountView]
    /// The last thirty days that had any, the newest first.
    package let byDay: [NamedCountView]
    /// Of all that a model or the cache answered, the share of the cache: 0 to 1.
    package let cacheRate: Double?
    package let medianMilliseconds: Int?
    /// Why answers were offline.
    package let offlineReasons: [NamedCountView]
    /// What the rules left out, by their codes.
    package let excludedByRule: [NamedCountView]
    package let topMedicines: [NamedCountView]

    package init(
        total: Int, bySource: [NamedCountView], byDay: [NamedCountView], cacheRate: Double?, medianMilliseconds: Int?,
        offlineReasons: [NamedCountView], excludedByRule: [NamedCountView], topMedicines: [NamedCountView]
    ) {
        self.total = total
        self.bySource = bySource
        self.byDay = byDay
        self.cacheRate = cacheRate
        self.medianMilliseconds = medianMilliseconds
        self.offlineReasons = offlineReasons
        self.excludedByRule = excludedByRule
        self.topMedicines = topMedicines
    }

    package static let shape = Shape<RecommendationStatsView>(
        "RecommendationStats", .integer("total") { $0.total }, .views("by_source") { $0.bySource },
        .views("by_day") { $0.byDay },
        ViewField("cache_rate", Schema.type("number").nullable) { view, json in
            if let rate = view.cacheRate { json.number(rate) } else { json.null() }
        }, .maybeInteger("median_ms") { $0.medianMilliseconds }, .views("offline_reasons") { $0.offlineReasons },
        .views("excluded_by_rule") { $0.excludedByRule }, .views("top_medicines") { $0.topMedicines })
}
