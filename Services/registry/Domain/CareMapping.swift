package import Kernel

/// A doctor caring for a patient. Its notes say something about the patient: they are sealed as the patient's record
/// is.
package struct CareMapping: Sendable, Equatable {
    package let id: ID<Mapping>
    package let patient: ID<Patient>
    package let owner: ID<Account>
    package let tenant: ID<Tenant>
    package let doctor: ID<Doctor>
    package let isPrimary: Bool
    package let notes: String?
    package let assignedAt: Instant

    package init(
        id: ID<Mapping>, patient: ID<Patient>, owner: ID<Account>, tenant: ID<Tenant>, doctor: ID<Doctor>,
        isPrimary: Bool, notes: String?, assignedAt: Instant
    ) {
        self.id = id
        self.patient = patient
        self.owner = owner
        self.tenant = tenant
        self.doctor = doctor
        self.isPrimary = isPrimary
        self.notes = notes
        self.assignedAt = assignedAt
    }

    /// How many doctors one patient may have: the list of them is answered whole.
    package static let mostPerPatient = 100

    package static func mustHaveRoom(beside count: Int) throws(Problem) {
        guard count < mostPerPatient else {
            throw .conflict("This patient already has \(mostPerPatient) doctors.")
        }
    }

    package static let isDuplicate = Problem.duplicate("doctor", "This doctor is already assigned to this patient.")
    /// A second primary doctor is refused, never quietly exchanged: whoever is responsible changes by a decision.
    package static let hasPrimary = Problem.conflict(
        "This patient already has a primary doctor. Remove that mapping first.")
}
