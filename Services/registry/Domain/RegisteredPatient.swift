package import Kernel

/// A patient who registered themselves: the record that their own account keeps, and the account's state from
/// identity's events.
package struct RegisteredPatient: Sendable, Equatable {
    package let record: PatientRecord
    package let standing: Standing

    /// The account's state, from identity's events.
    package struct Standing: Sendable, Equatable {
        package let isEmailVerified: Bool
        package let isPhoneVerified: Bool
        package let isActive: Bool
        /// Counts the changes, from 1.
        package let version: Int64
        package let updatedAt: Instant

        package init(
            isEmailVerified: Bool = false, isPhoneVerified: Bool = false, isActive: Bool = true, version: Int64 = 1,
            updatedAt: Instant
        ) {
            self.isEmailVerified = isEmailVerified
            self.isPhoneVerified = isPhoneVerified
            self.isActive = isActive
            self.version = version
            self.updatedAt = updatedAt
        }
    }

    package init(record: PatientRecord, standing: Standing) {
        self.record = record
        self.standing = standing
    }

    /// Both only ever grow, so that one sum is one state of the two.
    package var version: Int64 { record.version + standing.version }
    package var updatedAt: Instant { max(record.updatedAt, standing.updatedAt) }

    /// Whether an administrator's or the care team's question may be answered; the patients themselves ask as keepers
    /// of their record. A care team has no account yet: who is mapped to a patient is an entry of `/api/doctors`, and
    /// such an entry names no account that could log in. When one does, its account is let in here.
    package static func isOpen(to caller: Caller) -> Bool { caller.role == .admin }
}

extension PatientDetails {
    /// What is wrong with these details in place of `current` ones in the record of somebody registered: email and
    /// phone are the account's, proven there and nobody else's.
    package func faults(replacingRegistered current: PatientDetails) -> [Problem.FieldFaults] {
        var faults: [Problem.FieldFaults] = []
        if email != current.email {
            faults.append(
                Problem.FieldFaults(
                    field: "email", messages: ["The email of a registered patient cannot be changed here."]))
        }
        if phone != current.phone {
            faults.append(
                Problem.FieldFaults(
                    field: "phone", messages: ["The phone number of a registered patient cannot be changed here."]))
        }
        return faults
    }
}
