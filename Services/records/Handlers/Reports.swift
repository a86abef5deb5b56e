package import API
import Chassis
import Events
package import Kernel
import Postgres
import RecordsDomain
package import Web

/// Reports as those whom they concern read them. Whoever reads another's leaves an access row before the answer.
package struct Reports: Sendable {
    let store: ReportStore
    let access: RecordAccess
    let keys: PatientKeys
    let downloads: FileDownloads
    let unit: UnitOfWork
    let ledger: Ledger
    let clock: any WallClock

    package func ofPatient(_ query: PatientReportsQuery, _ call: Call) async throws -> Listing<ReportView> {
        let caller = try call.requireCaller()
        let record = try await access.open(
            AccessRequest(.readReports, of: query.patient, what: "reports", appointment: query.appointment), call)
        var wanted = ReportStore.Wanted.patient(query.patient)
        if record.basis == .appointment {
            guard let visit = record.appointment else { throw RecordAccess.missing(for: caller.role) }
            wanted = .visit(visit.id, of: query.patient, doctor: caller.account)
        }
        let page = try await store.list(wanted, query.reports.type, query.reports.page, for: caller)
        return Listing(page.map { ReportView($0) }, asked: query.reports.page)
    }

    package func mine(_ query: ReportsQuery, _ call: Call) async throws -> Listing<ReportView> {
        let caller = try call.requireCaller()
        let page = try await store.list(.own(caller.account), query.type, query.page, for: caller)
        return Listing(page.map { ReportView($0) }, asked: query.page)
    }

    package func show(_ input: ByID<Report>, _ call: Call) async throws -> Item<ReportView> {
        let (report, _) = try await find(input.id, to: .readReports, call)
        return Item(ReportView(report))
    }

    package func download(_ input: ByID<Report>, _ call: Call) async throws -> Download {
        let (report, _) = try await find(input.id, to: .readReports, call)
        return try await downloads.download(
            report.file, of: report.patient, named: report.words, subject: report.subject, call)
    }

    package func delete(_ input: WithID<Report, DeleteReport>, _ call: Call) async throws -> Done {
        let caller = try call.requireCaller()
        let (report, record) = try await find(input.id, to: .deleteReport, call)
        let now = clock.now
        try report.mayBeDeleted(by: caller.account, at: now)
        let key = try await keys.current(of: report.patient, account: report.patientAccount, at: now)
        return try await unit.write(call) { tx in
            guard try await store.hide(report, because: input.body.reason, under: key, at: now, in: tx) else {
                throw Problem.notFound
            }
            try await access.note(record, call, in: tx)
            try await ledger.record(.reportDeleted(report.fact()), from: call.origin, in: tx)
            return Done()
        }
    }

    /// The report, once the caller may do that with it.
    private func find(
        _ id: ID<Report>, to action: RecordAction, _ call: Call
    ) async throws -> (ReportRecord, OpenRecord) {
        let caller = try call.requireCaller()
        guard let report = try await store.find(id, for: caller) else {
            throw try await access.missing("report/\(id)", of: try await store.patient(of: id), to: action, call)
        }
        let record = try await access.open(
            AccessRequest(
                action, of: report.patient, what: report.subject, appointment: report.appointment,
                author: report.uploadedBy), call)
        return (report, record)
    }
}
