import Foundation
import Kernel
import Net
import Records
import RecordsDomain
import Testing

/// What is printed is read back by poppler's pdftotext, which knows nothing of how it was written.
@Suite struct PrescriptionPrinterTests {
    private static let printer = PrescriptionPrinter(BlockingPool(name: "test pdf", threads: 1, queue: 8))

    private static func document(
        medicines: [PrescriptionContent.Medicine]? = nil, investigations: [String] = ["Complete blood count"],
        notes: String? = "Come back at once when breathing gets hard.", override: String? = nil,
        supersededBy: Int? = nil, patient: String = "Asha Khan"
    ) -> PrescriptionDocument {
        PrescriptionDocument(
            id: ID(high: 0x0190_A5E4_0000_7000, low: 0x8000_0000_0000_0001), version: 2, supersededBy: supersededBy,
            hospitalName: "City Care Hospital", doctorName: "Dr. Emily Chen", patientName: patient,
            writtenAt: Instant(seconds: 1_800_000_000),
            content: PrescriptionContent(
                diagnosis: "Acute bronchitis",
                medicines: medicines ?? [
                    medicine("Amoxicillin 500 mg", instructions: "After food. Finish the course."),
                    medicine("Paracetamol"),
                ], investigations: investigations, followUp: CalendarDate("2027-02-01"), notes: notes,
                overrideReason: override))
    }

    private static func medicine(_ name: String, instructions: String? = nil) -> PrescriptionContent.Medicine {
        PrescriptionContent.Medicine(
            name: name, dosage: "500 mg", frequency: "Three times a day", duration: "7 days",
            instructions: instructions)
    }

    /// The text of a PDF, in the order in which it was drawn, and its number of pages.
    private static func read(_ pdf: [UInt8]) throws -> (text: String, pages: Int) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).pdf")
        try Data(pdf).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let text = try run("pdftotext", "-raw", file.path, "-")
        return (text.replacing("\n", with: " "), pageCount(try run("pdfinfo", file.path)))
    }

    private static func pageCount(_ info: String) -> Int {
        let line = info.split(separator: "\n").first { $0.hasPrefix("Pages:") }
        return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
    }

    private static func run(_ program: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test func `a printed prescription has its people, its medicines and its version`() async throws {
        let pdf = try await Self.printer.pdf(of: Self.document())
        let (text, pages) = try Self.read(pdf)
        #expect(pages == 1)
        for words in [
            "City Care Hospital", "Dr. Emily Chen", "Asha Khan", "Acute bronchitis", "Amoxicillin 500 mg",
            "After food. Finish the course.", "Paracetamol", "Three times a day", "7 days", "Complete blood count",
            "2027-02-01", "Come back at once when breathing gets hard.", "version 2", "2027-01-15 08:00 UTC",
            "Page 1 of 1",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(!text.contains("Superseded"))
    }

    @Test func `an old version and an overridden warning are said on the first page`() async throws {
        let pdf = try await Self.printer.pdf(
            of: Self.document(override: "No other antibiotic is left.", supersededBy: 3))
        let text = try Self.read(pdf).text
        #expect(text.contains("Superseded by version 3"))
        #expect(text.contains("No other antibiotic is left."))
    }

    @Test func `Arabic and Urdu are printed beside Latin and read back as they were written`() async throws {
        let pdf = try await Self.printer.pdf(
            of: Self.document(
                medicines: [Self.medicine("أموكسيسيلين", instructions: "کھانے کے بعد لیں")],
                notes: "العودة فورا عند ضيق التنفس", patient: "محمد علي"))
        let letters = Self.letters(of: try Self.read(pdf).text)
        for words in ["محمد علي", "أموكسيسيلين", "العودة فورا", "Dr. Emily Chen"] {
            #expect(letters.contains(Self.letters(of: words)), "\(words)")
        }
        // Some of its letters come from another font, and poppler reads such pieces in an order of its own.
        let urdu = Self.letters(of: "کھانے کے بعد لیں")
        #expect(urdu.unicodeScalars.allSatisfy(letters.unicodeScalars.contains))
    }

    /// Without blanks and marks of direction, which poppler puts between letters that are written from right to left.
    private static func letters(of text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { scalar in
                    !scalar.properties.isWhitespace && scalar.properties.generalCategory != .format
                }))
    }

    @Test func `the longest prescription has at most twenty pages and is drawn within two seconds`() async throws {
        let long = String(repeating: "W", count: 100)
        let medicines = (0..<50).map { number in
            PrescriptionContent.Medicine(
                name: "M\(number)" + long, dosage: long, frequency: long, duration: long,
                instructions: String(repeating: "W ", count: 250))
        }
        let document = Self.document(
            medicines: medicines, investigations: Array(repeating: long, count: 50),
            notes: String(repeating: "line\n", count: 400))
        let begin = ContinuousClock.now
        let pdf = try await Self.printer.pdf(of: document)
        #expect(ContinuousClock.now - begin < .seconds(2))
        let (text, pages) = try Self.read(pdf)
        #expect(pages == 20)
        #expect(text.contains("Page 20 of 20"))
        #expect(text.contains("M49"))
        #expect(text.contains("What does not fit on 20 pages is not printed"))
    }

    @Test func `more than the pool has room for is refused and not kept waiting`() async throws {
        let pool = BlockingPool(name: "full pdf", threads: 1, queue: 0)
        pool.shutDown()
        await #expect(throws: Problem.unavailable()) {
            _ = try await PrescriptionPrinter(pool).pdf(of: Self.document())
        }
    }
}
