import Kernel
package import Net
package import Outbound
import RecordsDomain
package import Settings

/// The settings of stored files.
package struct FileSettings: Sendable {
    package let folder: String
    package let limitSize: Int
    package let quota: Int
    package let extensions: Set<String>
    /// Nil where no scanner is asked.
    package let scanner: SocketAddress?
    /// Nil where files stay in the folder.
    package let objects: ObjectStore?

    private static let folderSetting = Setting.text(
        "FILES_FOLDER", default: "var/files",
        help:
            "Where uploaded files are kept, sealed; with S3_URL only while they come. Back it up with the database."
    )
    private static let size = Setting.integer(
        "MAX_UPLOAD_SIZE_MB", in: 1...100, default: 10, help: "MiB that one uploaded file may have.")
    private static let quotaSetting = Setting.integer(
        "PATIENT_QUOTA_MB", in: 1...1_048_576, default: 1_024, help: "MiB that all files of one patient may have.")
    private static let endings = Setting.list(
        "ALLOWED_UPLOAD_EXTENSIONS", default: FileKind.extensions,
        help: "Which of these extensions are taken: pdf, jpg, jpeg, png, doc, docx.")
    private static let socket = Setting.text(
        "CLAMD_SOCKET", default: "",
        help:
            "Where clamd listens, as unix:/run/clamav/clamd.ctl or 127.0.0.1:3310; without it none are scanned."
    )
    private static let url = Setting.text(
        "S3_URL", default: "",
        help: "A store that speaks S3's API, as https://s3.example.org; https, or http to this machine.")
    private static let bucket = Setting.text("S3_BUCKET", default: "praxis", help: "The bucket of stored files.")
    private static let region = Setting.text(
        "S3_REGION", default: "us-east-1", help: "The region requests are signed for.")
    private static let accessKey = Setting.text("S3_ACCESS_KEY", default: "", help: "Who asks the store.")
    private static let secret = Setting<Secret>.secret("S3_SECRET_KEY", help: "What requests are signed with.").optional

    package static var declarations: [SettingDeclaration] {
        folderSetting.declarations + size.declarations + quotaSetting.declarations + endings.declarations
            + socket.declarations + url.declarations + bucket.declarations + region.declarations
            + accessKey.declarations + secret.declarations
    }

    package init(_ reader: inout SettingsReader) throws(SettingsFaults) {
        let (folder, size, quota, endings, socket, url, bucket, region, accessKey, secret) = try reader.read(
            Self.folderSetting, Self.size, Self.quotaSetting, Self.endings, Self.socket, Self.url, Self.bucket,
            Self.region, Self.accessKey, Self.secret)
        let lower = endings.map { $0.lowercased() }
        if lower.isEmpty || !lower.allSatisfy({ FileKind(extension: $0) != nil }) {
            reader.refuse("ALLOWED_UPLOAD_EXTENSIONS", "must be some of \(FileKind.extensions.joined(separator: ", "))")
        }
        let address = SocketAddress(socket)
        if !socket.isEmpty, address == nil {
            reader.refuse("CLAMD_SOCKET", "must be unix:/path or a numeric host:port")
        }
        if !url.isEmpty, SettingURL(url)?.isFitForSecrets != true || url.hasSuffix("/") {
            reader.refuse("S3_URL", "must be https, or http to this machine, without a slash at its end")
        }
        if !url.isEmpty, accessKey.isEmpty || secret == nil {
            reader.refuse("S3_SECRET_KEY", "is needed with S3_URL, as S3_ACCESS_KEY is")
        }
        for (name, text) in [("S3_BUCKET", bucket), ("S3_REGION", region)] where !text.utf8.allSatisfy(Self.isPlain) {
            reader.refuse(name, "must be of lower case letters, digits, dots and hyphens")
        }
        try reader.finish()
        self.folder = folder
        limitSize = size * 1_048_576
        self.quota = quota * 1_048_576
        extensions = Set(lower)
        scanner = address
        objects =
            url.isEmpty
            ? nil
            : ObjectStore(
                url: url, bucket: bucket, region: region, accessKey: accessKey, secret: secret ?? Secret(""),
                timeout: .seconds(60))
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x30...0x39, 0x2D, 0x2E: true
        default: false
        }
    }
}
