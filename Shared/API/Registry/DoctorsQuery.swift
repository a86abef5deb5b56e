package import Forms
package import Kernel

/// Which doctors are asked for, and in which order.
package struct DoctorsQuery: Input, Hashable {
    package var search: String?
    package var specialization: Specialization?
    package var isAvailable: Bool?
    package var city: String?
    package var ordering: Ordering
    package var page: PageRequest

    /// What a list of doctors can be sorted by; a `-` in front turns it round. An unknown number comes before all
    /// known.
    package enum Ordering: String, Sendable, CaseIterable {
        case lastName = "last_name"
        case lastNameDown = "-last_name"
        case firstName = "first_name"
        case firstNameDown = "-first_name"
        case experience = "years_of_experience"
        case experienceDown = "-years_of_experience"
        case fee = "consultation_fee"
        case feeDown = "-consultation_fee"
        case created = "created_at"
        case createdDown = "-created_at"
    }

    package init(ordering: Ordering = .lastName, page: PageRequest = PageRequest()) {
        self.ordering = ordering
        self.page = page
    }

    package static let form = Form(
        .unlessBlank(.text("search", 0...200, in: .query)),
        .unlessBlank(.choice("specialization", Specialization.spellings, in: .query)),
        .unlessBlank(.boolean("is_available", in: .query)), .unlessBlank(.text("city", 0...100, in: .query)),
        .choice("ordering", in: .query).or(Ordering.lastName), .page)

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        (search, specialization, isAvailable, city, ordering, page) = try Self.form.read(source)
    }
}
