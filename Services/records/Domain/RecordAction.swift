/// What somebody wants to do with a patient's records. The raw value stands in access rows.
package enum RecordAction: String, Sendable, CaseIterable {
    case readReports = "reports_read"
    case uploadReport = "report_uploaded"
    case deleteReport = "report_deleted"
    case readSummary = "summary_read"
    case readPrescriptions = "prescriptions_read"
    case prescribe = "prescription_created"
    /// A new version of a prescription, or a file with it.
    case revise = "prescription_revised"
    case readHealth = "health_read"
    case writeHealth = "health_written"
    case readAccessLog = "access_log_read"
    /// The list of grants, and ending one.
    case manageGrants = "grants_managed"
    case breakGlass = "break_glass_opened"

    /// Whether its access row is written before the answer; of a change it is written with the change.
    package var isReading: Bool {
        switch self {
        case .readReports, .readSummary, .readPrescriptions, .readHealth, .readAccessLog, .manageGrants: true
        case .uploadReport, .deleteReport, .prescribe, .revise, .writeHealth, .breakGlass: false
        }
    }

    /// Whether a current visit with the patient opens it to the visit's doctor.
    package var opensByAppointment: Bool {
        switch self {
        case .readReports, .uploadReport, .deleteReport, .readPrescriptions, .prescribe, .readHealth, .writeHealth:
            true
        case .readSummary, .revise, .readAccessLog, .manageGrants, .breakGlass: false
        }
    }

    /// Whether that visit has to be named by the request; of others one is looked for.
    package var wantsNamedAppointment: Bool { self == .uploadReport || self == .prescribe }
}

/// By which right somebody reads or writes; as access rows and answers name it.
package enum AccessBasis: String, Sendable, CaseIterable {
    /// The patient's own.
    case own = "self"
    case otpGrant = "otp_grant"
    case breakGlass = "break_glass"
    /// A current visit of this doctor and patient.
    case appointment
    /// The doctor wrote the document.
    case author
    /// The document was written at this hospital.
    case hospital
    case admin
}

/// How a doctor came to a grant.
package enum GrantWay: String, Sendable, CaseIterable {
    case otp
    case breakGlass = "break_glass"
}
