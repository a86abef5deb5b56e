/// What a report is of.
package enum ReportType: String, Sendable, CaseIterable {
    case lab, xray, prescription, imaging, discharge, other
}
