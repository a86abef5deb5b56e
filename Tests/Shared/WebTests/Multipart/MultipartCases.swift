/// Bodies that are taken, and what they say.
enum TakenMultipart {
    private typealias Case = MultipartCase

    static let all = [
        Case("one field", Case.field("title", "Milk") + Case.end, .parts([.init("title", "Milk")])),
        Case(
            "fields before and after the file",
            Case.field("title", "X-ray") + Case.file("filename=\"a.pdf\"", "%PDF-1.7") + Case.field("kind", "lab")
                + Case.end,
            .parts([.init("title", "X-ray"), .init("file", file: "a.pdf", "%PDF-1.7"), .init("kind", "lab")])),
        Case("no part at all", Case.end, .parts([])),
        Case("an empty field", Case.field("title", "") + Case.end, .parts([.init("title", "")])),
        Case(
            "an empty file", Case.file("filename=\"a.pdf\"", "") + Case.end, .parts([.init("file", file: "a.pdf", "")])),
        Case(
            "a form with no file chosen", Case.file("filename=\"\"", "") + Case.end,
            .parts([.init("file", file: "", "")])),
        Case(
            "no line end behind the last boundary", Case.field("a", "b") + "--AaB03x--", .parts([.init("a", "b")])),
        Case(
            "words before and behind", "This is a message.\r\n" + Case.field("a", "b") + Case.end + "Good bye.",
            .parts([.init("a", "b")])),
        Case(
            "a line end before the first boundary", "\r\n" + Case.field("a", "b") + Case.end, .parts([.init("a", "b")])),
        Case(
            "blanks behind boundaries",
            "--AaB03x \t\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--AaB03x-- \r\n",
            .parts([.init("a", "b")])),
        Case(
            "content that begins as a boundary does",
            Case.file("filename=a", "\r\n--AaB03\r\n--\r\n-\r\r\n--AaB0\r") + Case.end,
            .parts([.init("file", file: "a", "\r\n--AaB03\r\n--\r\n-\r\r\n--AaB0\r")])),
        Case(
            "the boundary inside a line",
            Case.field("a", "--AaB03x\r--AaB03x\n--AaB03x--") + Case.end,
            .parts([.init("a", "--AaB03x\r--AaB03x\n--AaB03x--")])),
        Case(
            "a name with a semicolon, a quote and a backslash",
            Case.file(#"filename="a;\"b\\c\".pdf""#, "x") + Case.end,
            .parts([.init("file", file: "c\".pdf", "x")])),
        Case(
            "a name with folders", Case.file(#"filename="../../etc/passwd""#, "x") + Case.end,
            .parts([.init("file", file: "passwd", "x")])),
        Case(
            "a name with folders of Windows", Case.file(#"filename="C:\Users\me\scan.pdf""#, "x") + Case.end,
            .parts([.init("file", file: "scan.pdf", "x")])),
        Case(
            "a name that is a folder", Case.file(#"filename="folder/""#, "x") + Case.end,
            .parts([.init("file", file: "", "x")])),
        Case(
            "a name in UTF-8", Case.file("filename=\"تقرير.pdf\"", "x") + Case.end,
            .parts([.init("file", file: "تقرير.pdf", "x")])),
        Case(
            "a name in its extended form, which is passed over",
            Case.file("filename=\"x.pdf\"; filename*=UTF-8''na%C3%AFve%20a.pdf", "x") + Case.end,
            .parts([.init("file", file: "x.pdf", "x")])),
        Case(
            "an extended form alone, which makes no file", Case.file("filename*=UTF-8''a.pdf", "x") + Case.end,
            .parts([.init("file", "x")])),
        Case(
            "a backslash, which escapes nothing but a quote", Case.file(#"filename="C:\\a\\.pdf""#, "x") + Case.end,
            .parts([.init("file", file: ".pdf", "x")])),
        Case(
            "header names in any case, fields that say nothing, no blank",
            Case.part("content-DISPOSITION:FORM-data;NAME=a;\r\nX-Other: 1\r\nContent-Transfer-Encoding: Binary", "b")
                + Case.end, .parts([.init("a", "b")])),
    ]
}

/// Bodies that are refused, and the word for why.
enum RefusedMultipart {
    private typealias Case = MultipartCase

    static let all = [
        Case("nothing", "", .fault("cut_short")),
        Case("no boundary", "title=Milk", .fault("cut_short")),
        Case("no last boundary", Case.field("a", "b"), .fault("cut_short")),
        Case("cut within the last boundary", Case.field("a", "b") + "--AaB03x-", .fault("cut_short")),
        Case("cut within a header", "--AaB03x\r\nContent-Dispo", .fault("cut_short")),
        Case("another boundary", "--other\r\n\r\n--other--\r\n", .fault("cut_short")),
        Case(
            "lines that end with LF alone", "--AaB03x\nContent-Disposition: form-data; name=a\n\nb\n--AaB03x--\n",
            .fault("bad_delimiter")),
        Case(
            "a header line that ends with LF alone",
            "--AaB03x\r\nContent-Disposition: form-data; name=a\n\r\nb\r\n" + Case.end,
            .fault("bad_header")),
        Case("more behind a boundary", Case.field("a", "b") + "--AaB03xy\r\n", .fault("bad_delimiter")),
        Case("a boundary's hyphen alone", Case.field("a", "b") + "--AaB03x-\r\n", .fault("bad_delimiter")),
        Case("more behind the last boundary", Case.field("a", "b") + "--AaB03x--x\r\n", .fault("bad_delimiter")),
        Case("no header", "--AaB03x\r\n\r\nb\r\n" + Case.end, .fault("bad_disposition")),
        Case("no disposition", Case.part("Content-Type: text/plain", "b") + Case.end, .fault("bad_disposition")),
        Case(
            "another disposition", Case.part("Content-Disposition: attachment; name=a", "b") + Case.end,
            .fault("bad_disposition")),
        Case(
            "two dispositions",
            Case.part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b", "c")
                + Case.end,
            .fault("bad_disposition")),
        Case("no name", Case.part("Content-Disposition: form-data; filename=a", "b") + Case.end, .fault("no_name")),
        Case("an empty name", Case.field("", "b") + Case.end, .fault("no_name")),
        Case(
            "two names", Case.part("Content-Disposition: form-data; name=a; name=b", "c") + Case.end,
            .fault("bad_disposition")),
        Case(
            "an open quote", Case.part("Content-Disposition: form-data; name=\"a", "c") + Case.end,
            .fault("bad_disposition")),
        Case(
            "a name without its value", Case.part("Content-Disposition: form-data; name", "c") + Case.end,
            .fault("bad_disposition")),
        Case(
            "a folded line", Case.part("Content-Disposition: form-data;\r\n name=a", "b") + Case.end,
            .fault("bad_header")),
        Case("a line without a colon", Case.part("Content-Disposition", "b") + Case.end, .fault("bad_header")),
        Case(
            "a blank before the colon", Case.part("Content-Disposition : form-data; name=a", "b") + Case.end,
            .fault("bad_header")),
        Case("a control character", Case.field("a\u{1}", "b") + Case.end, .fault("bad_header")),
        Case(
            "parts within a part",
            Case.part("Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=b", "--b--")
                + Case.end, .fault("nested")),
        Case(
            "an encoded part",
            Case.part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "YQ==") + Case.end,
            .fault("encoded")),
        Case(
            "21 parts", (0...20).map { Case.field("f\($0)", "") }.joined() + Case.end, .fault("too_many_parts")),
        Case(
            "a header of 9 KiB", Case.part("X: \(String(repeating: "a", count: 9_216))", "") + Case.end,
            .fault("header_too_long")),
        Case(
            "many header lines",
            Case.part((0..<1_200).map { "X: \($0)\r\n" }.joined() + "Content-Disposition: form-data; name=a", "")
                + Case.end,
            .fault("header_too_long")),
        Case(
            "a name of 2 KiB", Case.field(String(repeating: "a", count: 2_048), "") + Case.end,
            .fault("header_too_long")),
        Case(
            "fields of more than 64 KiB together",
            (0..<3).map { Case.field("f\($0)", String(repeating: "a", count: 30_000)) }.joined() + Case.end,
            .fault("fields_too_long")),
        Case(
            "a file above its limit", Case.file("filename=a", String(repeating: "a", count: 100_001)) + Case.end,
            .fault("file_too_large")),
        Case(
            "9 KiB before the first boundary", String(repeating: "a", count: 9_216) + "\r\n" + Case.end,
            .fault("header_too_long")),
        Case("9 KiB behind the last one", Case.end + String(repeating: "a", count: 9_216), .fault("header_too_long")),
    ]
}
