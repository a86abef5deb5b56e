import CPango

/// The size of a page and its margin, in points (1/72 inch): A4.
enum PageSize {
    static let width = 595.28
    static let height = 841.89
    static let margin = 48.0
    static let textWidth = width - 2 * margin
}

/// Thrown when Cairo could not write a document: out of memory, or no font.
struct PDFFault: Error {
    /// Cairo's own number of what failed.
    let status: UInt32
}

/// A PDF that is being drawn, by Cairo; texts are shaped by Pango, each paragraph in the direction of its first letter.
/// Lengths are points, from the top left corner of the page. Used by one thread.
@safe struct PDFCanvas: ~Copyable {
    private let surface: OpaquePointer
    private let context: OpaquePointer
    private let layout: OpaquePointer
    private let bytes: PDFBytes
    private var laidOut: LaidOut?
    private(set) var pages = 1

    init() throws {
        bytes = PDFBytes()
        let closure = unsafe Unmanaged.passUnretained(bytes).toOpaque()
        let surface = unsafe cairo_pdf_surface_create_for_stream(
            keep, closure, PageSize.width, PageSize.height)
        let context = unsafe cairo_create(surface)
        let layout = unsafe context.flatMap { unsafe pango_cairo_create_layout($0) }
        guard let surface = unsafe surface, let context = unsafe context, let layout = unsafe layout else {
            unsafe cairo_destroy(context)
            unsafe cairo_surface_destroy(surface)
            throw PDFFault(status: CAIRO_STATUS_NO_MEMORY.rawValue)
        }
        unsafe self.surface = surface
        unsafe self.context = context
        unsafe self.layout = layout
        unsafe pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    }

    deinit {
        unsafe g_object_unref(UnsafeMutableRawPointer(layout))
        unsafe cairo_destroy(context)
        // A surface writes what is left when it goes: before the bytes do.
        unsafe cairo_surface_finish(surface)
        unsafe cairo_surface_destroy(surface)
    }

    /// What a reader shows as title and date; nobody's name.
    func describe(title: String, created: String) {
        unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
        unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Praxis")
        unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created)
    }

    mutating func newPage() {
        unsafe cairo_show_page(context)
        pages += 1
    }

    /// Ends the document.
    /// - Returns: its bytes.
    consuming func finish() throws -> [UInt8] {
        unsafe cairo_surface_finish(surface)
        let status = unsafe cairo_surface_status(surface)
        guard status == CAIRO_STATUS_SUCCESS else { throw PDFFault(status: status.rawValue) }
        return bytes.all
    }

    // MARK: Text

    /// How high each line of the text is in a column of that width.
    mutating func lineHeights(of text: String, _ style: TextStyle, width: Double) -> [Double] {
        set(text, style, width)
        return (0..<(unsafe pango_layout_get_line_count(layout))).map { lineMetrics($0).height }
    }

    mutating func height(of text: String, _ style: TextStyle, width: Double) -> Double {
        lineHeights(of: text, style, width: width).reduce(0, +)
    }

    /// Draws one line of the text with its top at `y`.
    mutating func drawLine(_ index: Int, of text: String, _ style: TextStyle, x: Double, y: Double, width: Double) {
        set(text, style, width)
        guard let index = Int32(exactly: index), let line = unsafe pango_layout_get_line_readonly(layout, index) else {
            return
        }
        let metrics = lineMetrics(index)
        paint(style.colour)
        unsafe cairo_move_to(context, x + metrics.left, y + metrics.ascent)
        unsafe pango_cairo_show_layout_line(context, line)
    }

    /// Draws the whole text from `y` on.
    mutating func draw(_ text: String, _ style: TextStyle, x: Double, y: Double, width: Double) {
        var top = y
        for (index, height) in lineHeights(of: text, style, width: width).enumerated() {
            drawLine(index, of: text, style, x: x, y: top, width: width)
            top += height
        }
    }

    private struct LineMetrics {
        let left: Double
        let height: Double
        let ascent: Double
    }

    private func lineMetrics(_ index: Int32) -> LineMetrics {
        let scale = Double(PANGO_SCALE)
        let lines = unsafe pango_layout_get_iter(layout)
        defer { unsafe pango_layout_iter_free(lines) }
        for _ in 0..<index { unsafe pango_layout_iter_next_line(lines) }
        var box = PangoRectangle()
        unsafe pango_layout_iter_get_line_extents(lines, nil, &box)
        let baseline = unsafe pango_layout_iter_get_baseline(lines)
        return LineMetrics(
            left: Double(box.x) / scale, height: Double(box.height) / scale,
            ascent: Double(baseline - box.y) / scale)
    }

    /// Lays the text out, unless it is laid out already.
    private mutating func set(_ text: String, _ style: TextStyle, _ width: Double) {
        let wanted = LaidOut(text: text, style: style, width: width)
        guard laidOut != wanted else { return }
        laidOut = wanted
        let font = unsafe pango_font_description_from_string("DejaVu Sans,Noto Sans\(style.isBold ? " Bold" : "")")
        unsafe pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
        unsafe pango_layout_set_font_description(layout, font)
        unsafe pango_font_description_free(font)
        unsafe pango_layout_set_alignment(layout, style.isAtEnd ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT)
        unsafe pango_layout_set_width(layout, Int32(clamping: Int(width * Double(PANGO_SCALE))))
        unsafe pango_layout_set_text(layout, text, -1)
    }

    private struct LaidOut: Equatable {
        let text: String
        let style: TextStyle
        let width: Double
    }

    // MARK: Lines and areas

    func fill(x: Double, y: Double, width: Double, height: Double, _ colour: Colour) {
        paint(colour)
        unsafe cairo_rectangle(context, x, y, width, height)
        unsafe cairo_fill(context)
    }

    func rule(x: Double, y: Double, width: Double, thickness: Double = 0.6, _ colour: Colour) {
        fill(x: x, y: y, width: width, height: thickness, colour)
    }

    private func paint(_ colour: Colour) {
        unsafe cairo_set_source_rgb(context, colour.red, colour.green, colour.blue)
    }
}

/// Gathers what Cairo writes.
private final class PDFBytes {
    var all: [UInt8] = []
}

/// Called by Cairo with the next bytes.
private func keep(
    _ closure: UnsafeMutableRawPointer?, _ data: UnsafePointer<UInt8>?, _ count: UInt32
) -> cairo_status_t {
    guard let closure = unsafe closure, let data = unsafe data else { return CAIRO_STATUS_WRITE_ERROR }
    let bytes = unsafe Unmanaged<PDFBytes>.fromOpaque(closure).takeUnretainedValue()
    unsafe bytes.all.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
}
