package import Forms
package import JSON
package import Kernel

/// A file for a patient's records, before any of it is read.
package struct ReportUpload: Input {
    package let patient: ID<Patient>
    /// The visit by which a doctor without a grant uploads: known before the body is read.
    package let appointment: ID<Appointment>?
    package let file: Upload<ReportFields>

    private static let query = Form(.unlessBlank(.id("appointment_id", of: Appointment.self, in: .query)))

    package static var properties: [Schema.Property] {
        ByID<Patient>.properties + query.properties + Upload<ReportFields>.properties
    }
    package static var example: JSONValue? { Upload<ReportFields>.example }
    package static var bodyForm: BodyForm { .multipart }

    package init(_ source: Source) throws(Problem) {
        patient = try ByID<Patient>(source).id
        appointment = try Self.query.read(source)
        file = try Upload(source)
    }

    package static func check(_ source: Source) throws(Problem) {
        _ = try ByID<Patient>(source)
        _ = try query.read(source)
        try Upload<ReportFields>.check(source)
    }
}

/// What is said of a report beside its file.
package struct ReportFields: Input, Equatable {
    package let title: String
    package let type: ReportType
    package let date: CalendarDate?
    package let description: String?
    package let appointment: ID<Appointment>?

    private static let form = Form(
        .text("title", 1...200), Field<ReportType>.choice("report_type"), .unlessBlank(.date("report_date")),
        .unlessBlank(.text("description", 0...2000, multiline: true)),
        .unlessBlank(.id("appointment_id", of: Appointment.self)))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = [
        "title": "Blood count", "report_type": "lab", "report_date": "2026-11-20",
    ]

    package init(_ source: Source) throws(Problem) {
        (title, type, date, description, appointment) = try Self.form.read(source)
        if let date, date > source.latestToday { throw .field("report_date", "Enter a day that has come.") }
    }
}

/// Which of the caller's own reports are asked for.
package struct ReportsQuery: Input {
    package let type: ReportType?
    package let page: PageRequest

    static let form = Form(.unlessBlank(Field<ReportType>.choice("report_type", in: .query)), .page)

    package static var properties: [Schema.Property] { form.properties }
    package init(_ source: Source) throws(Problem) { (type, page) = try Self.form.read(source) }
}

/// Which reports of a patient are asked for, and by which visit a doctor asks.
package struct PatientReportsQuery: Input {
    package let patient: ID<Patient>
    package let appointment: ID<Appointment>?
    package let reports: ReportsQuery

    private static let form = Form(.unlessBlank(.id("appointment_id", of: Appointment.self, in: .query)))

    package static var properties: [Schema.Property] {
        ByID<Patient>.properties + form.properties + ReportsQuery.properties
    }
    package init(_ source: Source) throws(Problem) {
        patient = try ByID<Patient>(source).id
        appointment = try Self.form.read(source)
        reports = try ReportsQuery(source)
    }
}

/// Why a report is taken back.
package struct DeleteReport: Input {
    package let reason: String?
    private static let form = Form(.unlessBlank(.text("reason", 0...500, multiline: true)))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = ["reason": "Uploaded twice"]
    package init(_ source: Source) throws(Problem) { reason = try Self.form.read(source) }
}
