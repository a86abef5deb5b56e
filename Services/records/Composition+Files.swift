import API
import Files
import Net
import Web

/// Stored files, and the reports that they belong to.
package struct FileParts: Sendable {
    package let sweeper: SweepFiles
    /// For attachments of other documents as well.
    let intake: FileIntake
    let downloads: FileDownloads
    let reports: Reports
    let uploads: ReportUploads

    init(
        _ parts: Composition.Dependencies, _ access: RecordAccess, _ keys: PatientKeys, _ settings: FileSettings
    ) {
        let tree = FileTree(path: settings.folder, pool: BlockingPool(name: "files", threads: 4, queue: 1_024))
        let store: any FileStore
        if let objects = settings.objects {
            store = S3FileStore(objects, pool: BlockingPool(name: "s3", threads: 8, queue: 256))
        } else {
            store = LocalFileStore(tree)
        }
        let files = StoredFiles(database: parts.database, keys: keys)
        sweeper = SweepFiles(tree: tree, store: store, files: files, clock: parts.clock)
        intake = FileIntake(
            tree: tree, store: store, files: files, scanner: settings.scanner.map { ClamScanner($0) },
            limits: FileLimits(size: settings.limitSize, quota: settings.quota, extensions: settings.extensions),
            clock: parts.clock)
        downloads = FileDownloads(store: store, files: files, unit: parts.unit, ledger: parts.ledger)
        let rows = ReportStore(database: parts.database, keys: keys)
        reports = Reports(
            store: rows, access: access, keys: keys, downloads: downloads, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
        uploads = ReportUploads(
            store: rows, access: access, keys: keys, intake: intake, unit: parts.unit, ledger: parts.ledger,
            clock: parts.clock)
    }

    func serve(in routes: inout Routes) {
        routes.serve(ReportsAPI.upload, uploads.upload)
        routes.serve(ReportsAPI.ofPatient, reports.ofPatient)
        routes.serve(ReportsAPI.mine, reports.mine)
        routes.serve(ReportsAPI.show, reports.show)
        routes.serve(ReportsAPI.download, reports.download)
        routes.serve(ReportsAPI.delete, reports.delete)
    }
}
