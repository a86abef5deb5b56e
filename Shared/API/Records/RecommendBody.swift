package import Forms
package import JSON
package import Kernel

/// What somebody asks advice about. What is absent was not said, which is not the same as none.
package struct RecommendBody: Input, Equatable {
    package let symptoms: String
    package let age: Int?
    package let gender: Gender?
    package let allergies: String?
    package let currentMedications: String?
    package let isPregnant: Bool?
    /// Whose record is to be read with it.
    package let patient: ID<Patient>?

    private static let form = Form(
        .textOrTexts("symptoms", 3...1000), .optional(.integer("age", 0...120)),
        .unlessBlank(.choice("gender", Gender.spellings)), .optional(.textOrTexts("allergies", 0...1000)),
        .optional(.textOrTexts("current_medications", 0...2000)), .optional(.boolean("is_pregnant")),
        .optional(.id("patient_id", of: Patient.self)))

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) {
        let read = try Self.form.read(source)
        symptoms = read.0
        age = read.1
        gender = read.2
        allergies = read.3
        currentMedications = read.4
        isPregnant = read.5
        patient = read.6
    }

    package static let example: JSONValue? = [
        "symptoms": "Fever and headache since yesterday", "age": 34, "gender": "F", "allergies": ["Penicillin"],
        "current_medications": "Metformin 500 mg", "is_pregnant": false,
    ]
}

/// Which part of the caller's own advice.
package struct RecommendationsQuery: Input {
    package let page: PageRequest

    private static let form = Form(.page)

    package static var properties: [Schema.Property] { form.properties }

    package init(_ source: Source) throws(Problem) { page = try Self.form.read(source) }
}
