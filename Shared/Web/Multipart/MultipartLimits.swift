/// What one multipart body may have. All figures but the first are bytes.
package struct MultipartLimits: Sendable {
    package var parts = 20
    /// The header of one part; also what stands before the first and behind the last boundary.
    package var header = 8_192
    /// A part's name, or its file's.
    package var name = 1_024
    /// The contents of all parts that are no files, together.
    package var fields = 65_536
    /// Each file.
    package var file = 10_485_760

    package init() {}
}
