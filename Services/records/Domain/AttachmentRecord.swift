package import Kernel

/// A file with a prescription, of all its versions.
package struct AttachmentRecord: Sendable {
    package let id: ID<Attachment>
    package let prescription: ID<Prescription>
    package let patient: ID<Patient>
    /// The prescription's author.
    package let uploadedBy: ID<Account>
    package let words: FileWords
    package let file: FileRecord
    package let createdAt: Instant

    package init(
        id: ID<Attachment>, prescription: ID<Prescription>, patient: ID<Patient>, uploadedBy: ID<Account>,
        words: FileWords, file: FileRecord, createdAt: Instant
    ) {
        self.id = id
        self.prescription = prescription
        self.patient = patient
        self.uploadedBy = uploadedBy
        self.words = words
        self.file = file
        self.createdAt = createdAt
    }
}
