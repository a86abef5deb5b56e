import Kernel
import RecordsDomain

/// How a prescription looks on paper.
struct PrescriptionPages: ~Copyable {
    private static let medicineWidth = 190.0
    private static let columnWidth = 88.0
    private static let gap = 8.0
    private static let indent = PageSize.margin + 20

    private let document: PrescriptionDocument
    private var flow: DocumentFlow

    /// - Parameter pageCount: as an earlier drawing counted them.
    init(_ document: PrescriptionDocument, pageCount: Int?) throws {
        self.document = document
        flow = try DocumentFlow(
            foot: "Prescription \(document.id) · version \(document.version) · \(Self.time(document.writtenAt))",
            pageCount: pageCount)
        flow.describe(
            title: "Prescription, version \(document.version)", created: document.writtenAt.rfc3339)
    }

    /// The document's bytes, the number of its pages known.
    static func pdf(of document: PrescriptionDocument) throws -> [UInt8] {
        var counting = try PrescriptionPages(document, pageCount: nil)
        counting.draw()
        var pages = try PrescriptionPages(document, pageCount: counting.flow.pages)
        pages.draw()
        return try pages.finish()
    }

    private consuming func finish() throws -> [UInt8] { try flow.finish() }

    private mutating func draw() {
        drawHead()
        drawNotices()
        drawPeople()
        section("Diagnosis", document.content.diagnosis)
        drawMedicines()
        drawInvestigations()
        if let followUp = document.content.followUp { section("Follow-up", followUp.description) }
        if let notes = document.content.notes { section("Notes", notes) }
        drawSignature()
    }

    private mutating func drawHead() {
        let hospital = document.hospitalName ?? document.doctorName
        let width = PageSize.textWidth - 170
        let height = flow.height(of: hospital, .hospital, width: width)
        flow.place("Prescription", .title, x: PageSize.margin + width, width: 170)
        flow.place(hospital, .hospital, x: PageSize.margin, width: width)
        flow.y += height + 6
        flow.rule(.accent, thickness: 1.5)
        flow.y += 12
    }

    /// What must not be overlooked.
    private mutating func drawNotices() {
        if let newer = document.supersededBy {
            notice("Superseded by version \(newer). Do not dispense from this version.")
        }
        if let reason = document.content.overrideReason {
            notice("Prescribed although a safety warning was given. Reason:\n\(reason)")
        }
    }

    private mutating func notice(_ text: String) {
        let width = PageSize.textWidth - 2 * Self.gap
        let height = flow.height(of: text, .alarm, width: width)
        flow.fill(height: height + 2 * Self.gap, .alarmShade)
        flow.y += Self.gap
        flow.flow(text, .alarm, x: PageSize.margin + Self.gap, width: width)
        flow.y += 2 * Self.gap + 2
    }

    private mutating func drawPeople() {
        let width = (PageSize.textWidth - 2 * Self.gap) / 3
        let cells = [
            Cell("Patient", document.patientName), Cell("Prescribed by", document.doctorName),
            Cell("Date", Self.time(document.writtenAt)),
        ]
        var height = 0.0
        for cell in cells { height = max(height, flow.height(of: cell.text, .strong, width: width)) }
        for (index, cell) in cells.enumerated() {
            let x = PageSize.margin + Double(index) * (width + Self.gap)
            flow.place(cell.label, .label, x: x, width: width)
            flow.y += 11
            flow.place(cell.text, .strong, x: x, width: width)
            flow.y -= 11
        }
        flow.y += height + 25
    }

    private struct Cell {
        let label: String
        let text: String

        init(_ label: String, _ text: String) {
            self.label = label
            self.text = text
        }
    }

    private mutating func heading(_ title: String) {
        flow.makeRoom(for: 44)
        flow.flow(title, .heading)
        flow.y += 4
    }

    private mutating func section(_ title: String, _ text: String) {
        heading(title)
        flow.flow(text, .body)
        flow.y += 14
    }

    // MARK: Medicines

    private mutating func drawMedicines() {
        guard !document.content.medicines.isEmpty else { return }
        heading("Medicines")
        drawTableHead()
        for (index, medicine) in document.content.medicines.enumerated() { drawRow(index + 1, medicine) }
        flow.y += 12
    }

    private mutating func drawTableHead() {
        flow.fill(height: 18, .shade)
        flow.y += 5
        for (title, x, width) in Self.columns(["Medicine", "Dosage", "Frequency", "Duration"]) {
            flow.place(title, .label, x: x, width: width)
        }
        flow.y += 17
    }

    private mutating func drawRow(_ number: Int, _ medicine: PrescriptionContent.Medicine) {
        let columns = Self.columns([medicine.name, medicine.dosage, medicine.frequency, medicine.duration])
        var height = 0.0
        for (index, (text, _, width)) in columns.enumerated() {
            height = max(height, flow.height(of: text, index == 0 ? .strong : .body, width: width))
        }
        if flow.makeRoom(for: height + 4) { drawTableHead() }
        flow.place("\(number)", .strong, x: PageSize.margin + 4, width: 16)
        for (index, (text, x, width)) in columns.enumerated() {
            flow.place(text, index == 0 ? .strong : .body, x: x, width: width)
        }
        flow.y += height + 2
        if let instructions = medicine.instructions {
            flow.flow(instructions, .body, x: Self.indent, width: PageSize.textWidth - 24)
        }
        flow.y += 4
        flow.rule()
        flow.y += 5
    }

    /// The four texts of a row with their places: left edge and width.
    private static func columns(_ texts: [String]) -> [(String, Double, Double)] {
        var x = indent
        return texts.enumerated().map { index, text in
            let width = index == 0 ? medicineWidth : columnWidth
            defer { x += width + gap }
            return (text, x, width)
        }
    }

    private mutating func drawInvestigations() {
        guard !document.content.investigations.isEmpty else { return }
        heading("Investigations")
        for (index, investigation) in document.content.investigations.enumerated() {
            let height = flow.height(of: investigation, .body, width: PageSize.textWidth - 24)
            flow.makeRoom(for: min(height, 200))
            flow.place("\(index + 1)", .strong, x: PageSize.margin + 4, width: 16)
            flow.flow(investigation, .body, x: Self.indent, width: PageSize.textWidth - 24)
            flow.y += 3
        }
        flow.y += 11
    }

    private mutating func drawSignature() {
        let x = PageSize.margin + PageSize.textWidth - 200
        flow.makeRoom(for: 70)
        flow.y += 30
        flow.place(document.doctorName, .strong, x: x, width: 200)
        flow.y += flow.height(of: document.doctorName, .strong, width: 200) + 2
        flow.place("Written electronically", .small, x: x, width: 200)
    }

    /// In UTC, which it says: `2026-11-28 14:22 UTC`.
    private static func time(_ instant: Instant) -> String {
        let text = instant.rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
