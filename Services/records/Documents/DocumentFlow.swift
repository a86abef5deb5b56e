/// Text that flows down the pages of a document: each page has the same foot, and room for what stands above it.
struct DocumentFlow: ~Copyable {
    /// The most pages a document has; what would go beyond is left out, and the last page says so.
    static let pageLimit = 20
    private static let bottom = PageSize.height - PageSize.margin - 32
    private static let cutNote = "What does not fit on \(pageLimit) pages is not printed: read it in the record."

    private(set) var canvas: PDFCanvas
    /// Where the next text begins.
    var y = PageSize.margin
    /// What stands at the foot of every page.
    private let foot: String
    /// Nil while they are being counted.
    private let pageCount: Int?
    private(set) var isFull = false

    init(foot: String, pageCount: Int?) throws {
        canvas = try PDFCanvas()
        self.foot = foot
        self.pageCount = pageCount
        drawFoot()
    }

    var pages: Int { canvas.pages }

    consuming func finish() throws -> [UInt8] { try canvas.finish() }

    func describe(title: String, created: String) { canvas.describe(title: title, created: created) }

    /// Begins another page unless there is room for that much; nothing is drawn any more when the pages are used up.
    /// - Returns: whether a page was begun.
    @discardableResult
    mutating func makeRoom(for height: Double) -> Bool {
        guard !isFull, y + height > Self.bottom, y > PageSize.margin else { return false }
        if canvas.pages == Self.pageLimit {
            isFull = true
            canvas.draw(
                Self.cutNote, .alarm, x: PageSize.margin, y: Self.bottom + 2, width: PageSize.textWidth)
            return false
        }
        canvas.newPage()
        y = PageSize.margin
        drawFoot()
        return true
    }

    mutating func height(of text: String, _ style: TextStyle, width: Double) -> Double {
        canvas.height(of: text, style, width: width)
    }

    /// Text over as many pages as it needs.
    mutating func flow(
        _ text: String, _ style: TextStyle, x: Double = PageSize.margin, width: Double = PageSize.textWidth
    ) {
        for (index, height) in canvas.lineHeights(of: text, style, width: width).enumerated() {
            makeRoom(for: height)
            guard !isFull else { return }
            canvas.drawLine(index, of: text, style, x: x, y: y, width: width)
            y += height
        }
    }

    /// Draws at the flow's height without moving it: columns beside each other.
    mutating func place(_ text: String, _ style: TextStyle, x: Double, width: Double) {
        guard !isFull else { return }
        canvas.draw(text, style, x: x, y: y, width: width)
    }

    mutating func rule(_ colour: Colour = .line, thickness: Double = 0.6) {
        guard !isFull else { return }
        canvas.rule(x: PageSize.margin, y: y, width: PageSize.textWidth, thickness: thickness, colour)
    }

    mutating func fill(height: Double, _ colour: Colour) {
        guard !isFull else { return }
        canvas.fill(x: PageSize.margin, y: y, width: PageSize.textWidth, height: height, colour)
    }

    private mutating func drawFoot() {
        let top = PageSize.height - PageSize.margin - 8
        canvas.rule(x: PageSize.margin, y: top - 4, width: PageSize.textWidth, .line)
        canvas.draw(foot, .small, x: PageSize.margin, y: top, width: PageSize.textWidth - 90)
        var number = TextStyle.small
        number.isAtEnd = true
        canvas.draw(
            "Page \(canvas.pages) of \(pageCount ?? canvas.pages)", number, x: PageSize.width - PageSize.margin - 90,
            y: top, width: 90)
    }
}
