package import Kernel

/// A multipart body on its way: its parts one after the other, each with its bytes as they come. One task reads it.
package protocol PartSource: AnyObject, Sendable {
    /// Bytes that each file may have; to be set before a file's first byte is read.
    var fileLimit: Int { get set }
    /// The next part; what was not read of the one before is passed over. Nil when the body is whole.
    func nextPart() async throws(Problem) -> Part?
    /// The next bytes of the part, nil at its end.
    func nextBytes() async throws(Problem) -> [UInt8]?
}

/// The head of one part of a multipart body.
package struct Part: Sendable, Equatable {
    package let name: String
    /// Nil for a field. A file's name as its sender calls it, without folders; empty where a form was sent with no file
    /// chosen.
    package let fileName: String?
    /// As the sender says; it proves nothing.
    package let contentType: String?

    package init(name: String, fileName: String?, contentType: String?) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }
}
