package import Forms
package import JSON

/// What an endpoint gives: a status, and content that Web writes in the caller's profile (enveloped or plain).
package protocol Answer: Sendable {
    static var description: AnswerDescription { get }
    var answered: Answered { get }
    /// What is kept for a request that is repeated under its `Idempotency-Key`: the same, but for secrets that are
    /// shown once, in whose place stands null.
    var repeated: Answered { get }
}

extension Answer {
    package var repeated: Answered { answered }
}

/// What the documents say of an answer.
package struct AnswerDescription: Sendable {
    /// How an answer is written: what stands around its data.
    package enum Form: Sendable, Equatable {
        /// A message only: an envelope without data; 204 without a body in the plain profile.
        case nothing
        case item, list
        /// The same object in both profiles, without an envelope.
        case bare
        /// An envelope with members of the endpoint's own beside `success`.
        case members
        /// No JSON at all: a page for people.
        case document
        /// The bytes of a file.
        case download
        /// Events, one after the other.
        case events

        package var isJSON: Bool {
            switch self {
            case .nothing, .item, .list, .bare, .members: true
            case .document, .download, .events: false
            }
        }
    }
    package let status: Int
    package let form: Form
    private let describe: @Sendable () -> Schema?
    private let name: @Sendable () -> String?
    /// Whether a list says which of its parts are missing.
    package let isPartial: Bool
    /// Whether what is asked to be made may be there already: then it is 200.
    package let mayBeThere: Bool
    /// Of a document.
    package let mediaType: String

    /// - Parameters:
    ///   - schema: made when it is asked for: every process declares all endpoints, and the documents alone say what
    ///     their answers look like.
    ///   - schemaName: likewise.
    package init(
        status: Int = 200, form: Form, schema: @autoclosure @escaping @Sendable () -> Schema? = nil,
        schemaName: @autoclosure @escaping @Sendable () -> String? = nil, isPartial: Bool = false,
        mayBeThere: Bool = false, mediaType: String = "text/html"
    ) {
        self.status = status
        self.form = form
        describe = schema
        name = schemaName
        self.isPartial = isPartial
        self.mayBeThere = mayBeThere
        self.mediaType = mediaType
    }

    /// Of the item, of a list's element, of the bare object or members, or of an event's data.
    package var schema: Schema? { describe() }
    /// The name the schema goes by in the documents.
    package var schemaName: String? { name() }
}

/// An answer on its way to the encoder.
package struct Answered: Sendable {
    package typealias Write = @Sendable (inout JSONWriter) -> Void

    /// An answer's data, ready to be written in any profile.
    package enum Content: Sendable {
        case nothing
        /// Writes one JSON value.
        case item(Write)
        /// `elements` writes the elements inside an array.
        case list(ListFrame, elements: Write)
        /// Writes one JSON value, the same in both profiles.
        case bare(Write)
        /// Writes the members inside the outer object, after `success` in the envelope, alone in the plain profile.
        case members(Write)
        /// These bytes, of this media type, in every profile; scripts and everything from elsewhere are forbidden to
        /// it.
        case document(type: String, [UInt8])
        case download(Download)
        /// Registers the stream with whoever feeds it, and says what to do when it is over.
        case events(@Sendable (any EventOutput) -> @Sendable (EventStreamEnd) -> Void)
    }

    package let status: Int
    package let content: Content
    /// The path of what was created.
    package let location: String?
    /// The version of a single resource, from which its ETag is made.
    package let version: Int64?

    package init(status: Int = 200, _ content: Content, location: String? = nil, version: Int64? = nil) {
        self.status = status
        self.content = content
        self.location = location
        self.version = version
    }
}

/// Where a list's page stands; Web turns it into `count`, `next`, `previous` and the `Link` header.
package struct ListFrame: Sendable, Equatable {
    package let page: Int?
    package let size: Int
    package let total: Int?
    package var nextCursor: String?
    /// The parts that could not be asked; nil for a list that has none.
    package var missing: [String]?

    package init(page: Int?, size: Int, total: Int?, nextCursor: String?) {
        self.page = page
        self.size = size
        self.total = total
        self.nextCursor = nextCursor
    }
}

extension Answered {
    /// The same list, with the names of the parts that are missing in it.
    func without(_ missing: [String]) -> Answered {
        guard case .list(var frame, let elements) = content else { return self }
        frame.missing = missing
        return Answered(status: status, .list(frame, elements: elements), location: location, version: version)
    }
}
