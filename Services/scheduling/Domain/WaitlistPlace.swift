package import Kernel

/// A patient's wish for a time that is taken, first come by the order of entries.
package struct WaitlistPlace: Sendable, Equatable {
    /// A freed time that is kept for the patient.
    package struct Offer: Sendable, Equatable {
        package let hold: ID<Claim>
        package let slot: SlotID
        package let end: Instant
        package let until: Instant

        package init(hold: ID<Claim>, slot: SlotID, end: Instant, until: Instant) {
            self.hold = hold
            self.slot = slot
            self.end = end
            self.until = until
        }
    }

    package let id: ID<WaitlistEntry>
    package let patient: ID<Patient>
    package let account: ID<Account>
    package let hospital: ID<Hospital>
    package let department: ID<Department>?
    package let doctor: ID<Doctor>?
    /// Starts from the lower bound on, and before the upper one.
    package let from: Instant
    package let to: Instant
    package let status: WaitlistStatus
    package let reason: String?
    package let offer: Offer?
    package let createdAt: Instant

    package init(
        id: ID<WaitlistEntry>, patient: ID<Patient>, account: ID<Account>, hospital: ID<Hospital>,
        department: ID<Department>?, doctor: ID<Doctor>?, from: Instant, to: Instant, status: WaitlistStatus,
        reason: String?, offer: Offer?, createdAt: Instant
    ) {
        self.id = id
        self.patient = patient
        self.account = account
        self.hospital = hospital
        self.department = department
        self.doctor = doctor
        self.from = from
        self.to = to
        self.status = status
        self.reason = reason
        self.offer = offer
        self.createdAt = createdAt
    }
}
