import Forms
import JSON
import Kernel

/// What a check says of a medicine, or of what could not be checked.
package struct MedicineWarningView: View, Equatable {
    package let code: String
    package let severity: String
    package let medicine: String?
    package let with: String?
    package let text: String

    package init(code: String, severity: String, medicine: String?, with: String?, text: String) {
        self.code = code
        self.severity = severity
        self.medicine = medicine
        self.with = with
        self.text = text
    }

    init?(_ json: JSONValue) {
        guard let code = json["code"]?.string, let severity = json["severity"]?.string, let text = json["text"]?.string
        else { return nil }
        self.init(
            code: code, severity: severity, medicine: json["medicine"]?.string, with: json["with"]?.string, text: text)
    }

    package static let shape = Shape<MedicineWarningView>(
        "MedicineWarning",
        .choice(
            "code",
            [
                "allergy", "cross_allergy", "duplicate", "interaction", "contraindication", "age", "pregnancy", "dose",
                "unknown_medicine", "check_incomplete",
            ]
        ) { $0.code }, .choice("severity", ["severe", "moderate", "info"]) { $0.severity },
        .maybe("medicine") { $0.medicine }, .maybe("with") { $0.with }, .text("text") { $0.text })
}

/// A medicine that advice names.
package struct RecommendedMedicineView: View, Equatable {
    package let name: String
    package let atc: String
    package let dosage: String
    package let frequency: String
    package let duration: String
    package let instructions: String?
    package let warnings: [MedicineWarningView]

    package init(
        name: String, atc: String, dosage: String, frequency: String, duration: String, instructions: String?,
        warnings: [MedicineWarningView]
    ) {
        self.name = name
        self.atc = atc
        self.dosage = dosage
        self.frequency = frequency
        self.duration = duration
        self.instructions = instructions
        self.warnings = warnings
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let atc = json["atc"]?.string, let dosage = json["dosage"]?.string,
            let frequency = json["frequency"]?.string, let duration = json["duration"]?.string
        else { return nil }
        self.init(
            name: name, atc: atc, dosage: dosage, frequency: frequency, duration: duration,
            instructions: json["instructions"]?.string,
            warnings: (json["warnings"]?.array ?? []).compactMap { MedicineWarningView($0) })
    }

    package static let shape = Shape<RecommendedMedicineView>(
        "RecommendedMedicine", .text("name") { $0.name }, .text("atc") { $0.atc }, .text("dosage") { $0.dosage },
        .text("frequency") { $0.frequency }, .text("duration") { $0.duration },
        .maybe("instructions") { $0.instructions }, .views("warnings") { $0.warnings })
}

/// A medicine that the rules left out.
package struct ExcludedMedicineView: View, Equatable {
    package let name: String
    package let reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let reason = json["reason"]?.string else { return nil }
        self.init(name: name, reason: reason)
    }

    package static let shape = Shape<ExcludedMedicineView>(
        "ExcludedMedicine", .text("name") { $0.name }, .text("reason") { $0.reason })
}

/// The question as it was asked.
package struct RecommendationQuestionView: View, Equatable {
    package let symptoms: String
    package let age: Int?
    package let gender: String?
    package let allergies: String?
    package let currentMedications: String?
    package let isPregnant: Bool?

    package init(_ body: RecommendBody) {
        symptoms = body.symptoms
        age = body.age
        gender = body.gender?.rawValue
        allergies = body.allergies
        currentMedications = body.currentMedications
        isPregnant = body.isPregnant
    }

    init?(_ json: JSONValue) {
        guard let symptoms = json["symptoms"]?.string else { return nil }
        self.symptoms = symptoms
        age = json["age"]?.integer.flatMap { Int(exactly: $0) }
        gender = json["gender"]?.string
        allergies = json["allergies"]?.string
        currentMedications = json["current_medications"]?.string
        isPregnant = json["is_pregnant"]?.bool
    }

    package static let shape = Shape<RecommendationQuestionView>(
        "RecommendationQuestion", .text("symptoms") { $0.symptoms }, .maybeInteger("age") { $0.age },
        .maybe("gender") { $0.gender }, .maybe("allergies") { $0.allergies },
        .maybe("current_medications") { $0.currentMedications },
        ViewField("is_pregnant", Schema.boolean.nullable) { view, json in
            if let isPregnant = view.isPregnant { json.bool(isPregnant) } else { json.null() }
        })
}
