/// A file, 200, or the part of it that was asked for, 206; never kept by anyone, never opened in its place.
package struct Download: Answer {
    package static var description: AnswerDescription { AnswerDescription(form: .download) }

    /// Hands over the next bytes; returns when more are wanted.
    package typealias Write = @Sendable ([UInt8]) async throws -> Void
    /// Writes these bytes of the file, exactly as many as there are, or throws: then the connection is cut.
    package typealias Read = @Sendable (Range<Int>, Write) async throws -> Void

    /// What it is saved as.
    package let name: String
    package let mediaType: String
    /// Bytes in all.
    package let length: Int
    /// Of these very bytes, another as soon as one of them is: letters, digits and `-._`.
    package let tag: String
    package let read: Read

    package init(name: String, mediaType: String, length: Int, tag: String, read: @escaping Read) {
        self.name = name
        self.mediaType = mediaType
        self.length = length
        self.tag = tag
        self.read = read
    }

    package var answered: Answered { Answered(.download(self)) }
}
