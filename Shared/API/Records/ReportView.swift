import Forms
package import Kernel

/// A report, without its bytes.
package struct ReportView: View {
    package let id: ID<Report>
    package let patient: ID<Patient>
    package let title: String
    package let type: ReportType
    package let date: CalendarDate?
    package let description: String?
    package let fileName: String
    package let mediaType: String
    /// Bytes.
    package let size: Int
    /// In hexadecimal.
    package let digest: String
    package let appointment: ID<Appointment>?
    package let uploadedBy: ID<Account>
    package let uploaderRole: Role
    package let createdAt: Instant

    package init(
        id: ID<Report>, patient: ID<Patient>, title: String, type: ReportType, date: CalendarDate?,
        description: String?, fileName: String, mediaType: String, size: Int, digest: String,
        appointment: ID<Appointment>?, uploadedBy: ID<Account>, uploaderRole: Role, createdAt: Instant
    ) {
        self.id = id
        self.patient = patient
        self.title = title
        self.type = type
        self.date = date
        self.description = description
        self.fileName = fileName
        self.mediaType = mediaType
        self.size = size
        self.digest = digest
        self.appointment = appointment
        self.uploadedBy = uploadedBy
        self.uploaderRole = uploaderRole
        self.createdAt = createdAt
    }

    package static let shape = Shape<ReportView>(
        "Report", .id("id") { $0.id }, .id("patient_id") { $0.patient }, .text("title") { $0.title },
        .choice("report_type", ReportType.allCases.map(\.rawValue)) { $0.type.rawValue },
        .maybeDate("report_date") { $0.date }, .maybe("description") { $0.description },
        .text("file_name") { $0.fileName }, .text("content_type") { $0.mediaType }, .integer("size") { $0.size },
        .text("sha256") { $0.digest }, .maybeID("appointment_id") { $0.appointment },
        .id("uploaded_by") { $0.uploadedBy }, .text("uploaded_by_role") { $0.uploaderRole.rawValue },
        .instant("created_at") { $0.createdAt })
}
