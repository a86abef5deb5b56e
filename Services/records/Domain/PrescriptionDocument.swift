package import Kernel

/// One version of a prescription as it is printed.
package struct PrescriptionDocument: Sendable, Equatable {
    package let id: ID<Prescription>
    package let version: Int
    /// The newest version, where this one is no longer it.
    package let supersededBy: Int?
    /// Nil for a doctor who belongs to no hospital.
    package let hospitalName: String?
    package let doctorName: String
    package let patientName: String
    package let writtenAt: Instant
    package let content: PrescriptionContent

    package init(
        id: ID<Prescription>, version: Int, supersededBy: Int?, hospitalName: String?, doctorName: String,
        patientName: String, writtenAt: Instant, content: PrescriptionContent
    ) {
        self.id = id
        self.version = version
        self.supersededBy = supersededBy
        self.hospitalName = hospitalName
        self.doctorName = doctorName
        self.patientName = patientName
        self.writtenAt = writtenAt
        self.content = content
    }
}
