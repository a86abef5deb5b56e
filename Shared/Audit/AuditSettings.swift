package import Files
package import Settings

/// Where and how often the head of the chain is signed outside the database.
package struct AuditSettings: Sendable {
    package let folder: String
    /// Between signed heads.
    package let interval: Duration

    private static let folder = Setting.text(
        "AUDIT_CHECKPOINT_FOLDER", default: "var/audit",
        help: "Folder of the signed heads of the audit chain, a file per service; not where the database is.")
    private static let interval = Setting.duration(
        "AUDIT_CHECKPOINT_SECONDS", unit: .second, default: .seconds(3600),
        help: "How often the head of the audit chain is signed; besides at start and stop.")

    /// The service's signed heads, a line each: what a cut tail is found by. Copy it to where nobody who has the
    /// database can write.
    package func headFile(of service: String) -> LineFile {
        LineFile(path: "\(folder)/\(service).heads", thread: "audit heads")
    }

    package static var declarations: [SettingDeclaration] { folder.declarations + interval.declarations }

    /// Nil exactly when a fault was noted.
    package init?(from reader: inout SettingsReader) {
        let (folder, interval) = (Self.folder.read(from: &reader), Self.interval.read(from: &reader))
        guard let folder, let interval else { return nil }
        self.folder = folder
        self.interval = interval
    }
}
