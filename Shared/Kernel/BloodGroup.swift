/// A blood group of the AB0 and Rhesus systems, as it is written.
package enum BloodGroup: String, Sendable, Hashable, CaseIterable {
    case aPositive = "A+"
    case aNegative = "A-"
    case bPositive = "B+"
    case bNegative = "B-"
    case abPositive = "AB+"
    case abNegative = "AB-"
    case oPositive = "O+"
    case oNegative = "O-"

    /// Every accepted spelling in lower case.
    package static let spellings = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue.lowercased(), $0) })
}
