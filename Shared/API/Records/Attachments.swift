package import Forms
package import JSON
package import Kernel

/// A file for a prescription, before any of it is read.
package struct AttachmentUpload: Input {
    package let prescription: ID<Prescription>
    package let file: Upload<AttachmentFields>

    package static var properties: [Schema.Property] {
        ByID<Prescription>.properties + Upload<AttachmentFields>.properties
    }
    package static var example: JSONValue? { Upload<AttachmentFields>.example }
    package static var bodyForm: BodyForm { .multipart }

    package init(_ source: Source) throws(Problem) {
        prescription = try ByID<Prescription>(source).id
        file = try Upload(source)
    }

    package static func check(_ source: Source) throws(Problem) {
        _ = try ByID<Prescription>(source)
        try Upload<AttachmentFields>.check(source)
    }
}

/// What is said of an attachment beside its file.
package struct AttachmentFields: Input, Equatable {
    package let title: String

    private static let form = Form(.text("title", 1...200))

    package static var properties: [Schema.Property] { form.properties }
    package static let example: JSONValue? = ["title": "Referral letter"]

    package init(_ source: Source) throws(Problem) { title = try Self.form.read(source) }
}

/// One file of a prescription.
package struct AttachmentPath: Input {
    package let prescription: ID<Prescription>
    package let attachment: ID<Attachment>

    package static let properties =
        ByID<Prescription>.properties
        + [Schema.Property("attachment_id", in: .path, .string(format: "uuid"), isRequired: true)]

    package init(_ source: Source) throws(Problem) {
        prescription = try ByID<Prescription>(source).id
        guard case .string(let text)? = source.value("attachment_id", in: .path), let id = ID<Attachment>(text) else {
            throw .notFound
        }
        attachment = id
    }
}

/// A file with a prescription, without its bytes.
package struct AttachmentView: View, Equatable {
    package let id: ID<Attachment>
    package let title: String
    package let fileName: String
    package let mediaType: String
    /// Bytes.
    package let size: Int
    /// SHA-256, in hexadecimal.
    package let digest: String
    package let createdAt: Instant

    package init(
        id: ID<Attachment>, title: String, fileName: String, mediaType: String, size: Int, digest: String,
        createdAt: Instant
    ) {
        self.id = id
        self.title = title
        self.fileName = fileName
        self.mediaType = mediaType
        self.size = size
        self.digest = digest
        self.createdAt = createdAt
    }

    package static let shape = Shape<AttachmentView>(
        "Attachment", .id("id") { $0.id }, .text("title") { $0.title }, .text("file_name") { $0.fileName },
        .text("content_type") { $0.mediaType }, .integer("size") { $0.size }, .text("sha256") { $0.digest },
        .instant("created_at") { $0.createdAt })
}
