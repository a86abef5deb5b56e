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

extension Field where Value == String {
    /// A text, or a list of texts, which is the same with a line for each.
    static func textOrTexts(_ name: String, _ length: ClosedRange<Int>) -> Field<String> {
        let text = Field<String>.text(name, length, multiline: true)
        let texts = Field<[String]>.texts(name, 1...500, atMost: 50)
        let schema = Schema([
            JSONMember(
                key: "anyOf", value: .array((text.properties + texts.properties).map(\.schema.json)))
        ])
        return Field(name, schema) { value, refuse in
            guard case .array = value else { return text.read(body(name, value), refuse.faults) }
            guard let lines = texts.read(body(name, value), refuse.faults) else { return nil }
            return text.read(body(name, .string(lines.joined(separator: "\n"))), refuse.faults)
        }
    }

    private static func body(_ name: String, _ value: JSONValue) -> Source {
        Source(body: .object([JSONMember(key: name, value: value)]))
    }
}
