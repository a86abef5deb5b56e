package import Forms
package import JSON
package import Kernel

/// A multipart/form-data body (RFC 7578) with one file, in the part `file`, and fields read by a form of their own. The
/// handler has it before any of the body is read, decides whether the caller may, and then receives it.
package struct Upload<Fields: Input>: Input {
    package static var properties: [Schema.Property] {
        Fields.properties + [Schema.Property(fileField, .string(format: "binary"), isRequired: true)]
    }
    package static var example: JSONValue? {
        .object((Fields.example?.object ?? []) + [JSONMember(key: fileField, value: .string("%PDF-1.7 …"))])
    }
    package static var bodyForm: BodyForm { .multipart }

    private let source: Source

    package init(_ source: Source) throws(Problem) { self.source = source }

    package static func check(_ source: Source) throws(Problem) {
        let faults = Faults()
        if source.body?[fileField] == nil { faults.add(fileField, UploadFaults.noFile) }
        _ = try fields(source, adding: faults)
    }

    private static var fileField: String { "file" }

    /// Reads the whole body. Its parts come in any order, so `store` may see the file before any field is known: what
    /// it keeps is to be thrown away unless this returns.
    /// - Parameters:
    ///   - limit: bytes the file may have; a larger one is `payload_too_large`.
    ///   - store: takes the file's bytes as they come; what it leaves is passed over.
    /// - Throws: all that is wrong with the fields and the file together, what `store` finds wrong with it as well; any
    ///   other thing that `store` throws, at once.
    package func receive<Stored>(
        fileUpTo limit: Int, _ store: (UploadedFile) async throws -> Stored
    ) async throws -> (fields: Fields, file: Stored) {
        guard let parts = source.parts else { throw Problem.internalError }
        parts.fileLimit = limit
        let faults = Faults()
        var members: [JSONMember] = []
        var (stored, hasFile): (Stored?, Bool) = (nil, false)
        while let part = try await parts.nextPart() {
            guard let name = part.fileName else {
                try await Self.read(part, of: parts, into: &members, faults)
                continue
            }
            if part.name != Self.fileField {
                faults.add(part.name, UploadFaults.notAField)
            } else if hasFile {
                faults.add(part.name, UploadFaults.secondFile)
            } else if !name.isEmpty {
                hasFile = true
                let file = UploadedFile(name: name, contentType: part.contentType, parts: parts)
                do { stored = try await store(file) } catch let problem as Problem { try faults.add(problem) }
            }
        }
        if !hasFile { faults.add(Self.fileField, UploadFaults.noFile) }
        var whole = source
        whole.body = .object(members)
        let fields = try Self.fields(whole, adding: faults)
        guard let stored else { throw Problem.internalError }
        return (fields, stored)
    }

    private static func read(
        _ part: Part, of parts: any PartSource, into members: inout [JSONMember], _ faults: Faults
    ) async throws(Problem) {
        var bytes: [UInt8] = []
        while let more = try await parts.nextBytes() { bytes += more }
        if part.name == fileField {
            faults.add(part.name, UploadFaults.notAFile)
        } else if members.contains(where: { $0.key == part.name }) {
            faults.add(part.name, UploadFaults.secondField)
        } else if let text = String(validating: bytes, as: UTF8.self) {
            members.append(JSONMember(key: part.name, value: .string(text)))
        } else {
            faults.add(part.name, UploadFaults.notText)
        }
    }

    /// The fields; or a problem with all that is wrong with them, and with what else was found.
    private static func fields(_ source: Source, adding faults: Faults) throws(Problem) -> Fields {
        let fields: Fields
        do throws(Problem) {
            fields = try Fields(source)
        } catch {
            try faults.add(error)
            try faults.raise()
            throw error
        }
        try faults.raise()
        return fields
    }
}

extension Faults {
    /// Takes over what a problem says of fields; throws one that says something else.
    fileprivate func add(_ problem: Problem) throws(Problem) {
        guard problem.code == .validationFailed else { throw problem }
        for fault in problem.errors {
            for message in fault.messages { add(fault.field, message) }
        }
    }
}

/// The file of an upload while it comes: its bytes in the order they were sent, each part of them read when the one
/// before was dealt with.
package struct UploadedFile: AsyncSequence, Sendable {
    /// As its sender calls it, without folders, and otherwise as it was sent: it names nothing of ours.
    package let name: String
    /// As its sender says; it proves nothing.
    package let contentType: String?
    fileprivate let parts: any PartSource

    /// The next bytes, at most about 64 KiB; throws `payload_too_large`, and what ends a request.
    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let parts: any PartSource

        package mutating func next() async throws(Problem) -> [UInt8]? { try await parts.nextBytes() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(parts: parts) }
}

private enum UploadFaults {
    static let noFile = "No file was submitted."
    static let notAFile = "The submitted data was not a file."
    static let secondFile = "Send one file."
    static let notAField = "A file is not expected here."
    static let secondField = "Send this field once."
    static let notText = "Must be text in UTF-8."
}
