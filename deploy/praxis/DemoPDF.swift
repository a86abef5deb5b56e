/// A PDF of one page with one line of Latin text, which nothing but its length changes (ISO 32000-1, 7.5).
enum DemoPDF {
    static func bytes(saying text: String) -> [UInt8] {
        let escaped = text.filter { $0.isASCII && !"()\\".contains($0) }
        let page = "BT /F1 14 Tf 40 780 Td (\(escaped)) Tj ET"
        let objects = [
            "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            "<</Length \(page.utf8.count)>>stream\n\(page)\nendstream",
        ]
        var file = "%PDF-1.4\n"
        var places = ""
        for (index, object) in objects.enumerated() {
            let place = String(file.utf8.count)
            places += String(repeating: "0", count: 10 - place.utf8.count) + place + " 00000 n \n"
            file += "\(index + 1) 0 obj\(object)endobj\n"
        }
        let start = file.utf8.count
        file += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n\(places)"
        file += "trailer<</Size \(objects.count + 1)/Root 1 0 R>>\nstartxref\n\(start)\n%%EOF\n"
        return Array(file.utf8)
    }
}
