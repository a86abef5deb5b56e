package import Kernel

/// A file in a patient's records.
package struct ReportRecord: Sendable {
    package let id: ID<Report>
    package let patient: ID<Patient>
    package let patientAccount: ID<Account>?
    package let uploadedBy: ID<Account>
    package let uploaderRole: Role
    package let doctorAccount: ID<Account>?
    package let appointment: ID<Appointment>?
    package let type: ReportType
    package let date: CalendarDate?
    package let words: FileWords
    package let file: FileRecord
    package let createdAt: Instant

    package init(
        id: ID<Report>, patient: ID<Patient>, patientAccount: ID<Account>?, uploadedBy: ID<Account>,
        uploaderRole: Role, doctorAccount: ID<Account>?, appointment: ID<Appointment>?, type: ReportType,
        date: CalendarDate?, words: FileWords, file: FileRecord, createdAt: Instant
    ) {
        self.id = id
        self.patient = patient
        self.patientAccount = patientAccount
        self.uploadedBy = uploadedBy
        self.uploaderRole = uploaderRole
        self.doctorAccount = doctorAccount
        self.appointment = appointment
        self.type = type
        self.date = date
        self.words = words
        self.file = file
        self.createdAt = createdAt
    }

    /// How long whoever uploaded it may take it back.
    private static let window: Duration = .seconds(24 * 3600)

    /// - Throws: `forbidden` for another's, `conflict` when it is too late.
    package func mayBeDeleted(by account: ID<Account>, at now: Instant) throws(Problem) {
        guard uploadedBy == account else { throw .forbidden }
        guard createdAt + Self.window > now else {
            throw .conflict("A report can be deleted within 24 hours of its upload.")
        }
    }
}
