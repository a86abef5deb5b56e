import CQrencode
package import Kernel

/// A text as a QR code that any page can show: an SVG of one path on white, without script or style, so that a strict
/// content security policy lets it be.
package enum QRPicture {
    /// Modules of white around the code, as ISO/IEC 18004 asks.
    private static let margin = 4

    /// - Parameter text: without NUL, at most some 2000 bytes.
    package static func svg(of text: String) throws(Problem) -> String {
        guard let code = unsafe QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { throw .internalError }
        defer { unsafe QRcode_free(code) }
        let width = unsafe Int(code.pointee.width)
        let modules = unsafe UnsafeBufferPointer(start: code.pointee.data, count: width * width)
        let dark = unsafe modules.map { $0 & 1 == 1 }
        let side = width + 2 * margin
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges">\
            <rect width="\(side)" height="\(side)" fill="#fff"/><path d="\(path(dark, width))"/></svg>
            """
    }

    /// A rectangle for each run of dark modules in a row.
    private static func path(_ dark: [Bool], _ width: Int) -> String {
        var path = ""
        for y in 0..<width {
            var x = 0
            while x < width {
                let run = dark[(y * width + x)..<((y + 1) * width)].prefix { $0 }.count
                if run > 0 { path += "M\(x + margin) \(y + margin)h\(run)v1h-\(run)z" }
                x += max(run, 1)
            }
        }
        return path
    }
}
