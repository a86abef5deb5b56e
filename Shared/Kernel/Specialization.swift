/// A doctor's field: the 22 codes of the contract (seed 002).
package enum Specialization: String, Sendable, Hashable, CaseIterable {
    case general, cardiology, dermatology, endocrinology, gastroenterology, hematology
    case infectiousDisease = "infectious_disease"
    case internalMedicine = "internal_medicine"
    case nephrology, neurology
    case obstetricsGynecology = "obstetrics_gynecology"
    case oncology, ophthalmology, orthopedics, pediatrics, psychiatry, pulmonology, radiology, rheumatology, surgery
    case urology, other

    /// Every accepted spelling in lower case: the code, and the code with blanks (`Internal Medicine`).
    package static let spellings: [String: Specialization] = {
        var spellings: [String: Specialization] = [:]
        for field in allCases {
            spellings[field.rawValue] = field
            spellings[String(field.rawValue.map { $0 == "_" ? " " : $0 })] = field
        }
        return spellings
    }()
}
