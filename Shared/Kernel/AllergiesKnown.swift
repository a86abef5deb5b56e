/// Whether a patient's allergies are known.
package enum AllergiesKnown: String, Sendable, CaseIterable {
    case recorded
    /// None are known, which somebody wrote down.
    case none
    case unknown
}
