import Foundation
import JSON
import Testing

/// nst/JSONTestSuite, read from beside the checkout.
private enum Corpus {
    static let folder = URL(filePath: #filePath).appending(path: "../../../../../shared/corpora/json/test_parsing")
        .standardizedFileURL

    /// Files with that prefix, or nil when the corpus is not there.
    static func files(_ prefix: String) throws -> [(name: String, bytes: [UInt8])]? {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path()) else {
            print("SKIP: the JSONTestSuite corpus is not beside the checkout (\(prefix)* untested)")
            return nil
        }
        return try names.filter { $0.hasPrefix(prefix) }.sorted().map {
            ($0, try [UInt8](Data(contentsOf: folder.appending(path: $0))))
        }
    }

    static func reason(_ bytes: [UInt8]) -> JSONFault.Reason? {
        do throws(JSONFault) {
            _ = try JSONReader.read(bytes)
            return nil
        } catch {
            return error.reason
        }
    }
}

/// RFC 8259 allows these to be accepted; we refuse them on purpose.
private let stricter: [String: JSONFault.Reason] = [
    "y_object_duplicated_key.json": .duplicateKey,
    "y_object_duplicated_key_and_value.json": .duplicateKey,
]

@Test func `the suite's valid documents are accepted`() throws {
    guard let files = try Corpus.files("y_") else { return }
    #expect(files.count == 95)
    for file in files { #expect(Corpus.reason(file.bytes) == stricter[file.name], "\(file.name)") }
}

@Test func `the suite's invalid documents are refused`() throws {
    guard let files = try Corpus.files("n_") else { return }
    #expect(files.count == 188)
    for file in files { #expect(Corpus.reason(file.bytes) != nil, "\(file.name)") }
}

/// What the standard leaves open, fixed: nil is accepted.
private let open: [String: JSONFault.Reason?] = [
    "i_number_double_huge_neg_exp.json": .numberOutOfRange,
    "i_number_huge_exp.json": .numberOutOfRange,
    "i_number_neg_int_huge_exp.json": .numberOutOfRange,
    "i_number_pos_double_huge_exp.json": .numberOutOfRange,
    "i_number_real_neg_overflow.json": .numberOutOfRange,
    "i_number_real_pos_overflow.json": .numberOutOfRange,
    "i_number_real_underflow.json": .numberOutOfRange,
    "i_number_too_big_neg_int.json": JSONFault.Reason?.none,
    "i_number_too_big_pos_int.json": JSONFault.Reason?.none,
    "i_number_very_big_negative_int.json": JSONFault.Reason?.none,
    "i_object_key_lone_2nd_surrogate.json": .loneSurrogate,
    "i_string_1st_surrogate_but_2nd_missing.json": .loneSurrogate,
    "i_string_1st_valid_surrogate_2nd_invalid.json": .loneSurrogate,
    "i_string_UTF-16LE_with_BOM.json": .byteOrderMark,
    "i_string_UTF-8_invalid_sequence.json": .invalidUTF8,
    "i_string_UTF8_surrogate_U+D800.json": .invalidUTF8,
    "i_string_incomplete_surrogate_and_escape_valid.json": .loneSurrogate,
    "i_string_incomplete_surrogate_pair.json": .loneSurrogate,
    "i_string_incomplete_surrogates_escape_valid.json": .loneSurrogate,
    "i_string_invalid_lonely_surrogate.json": .loneSurrogate,
    "i_string_invalid_surrogate.json": .loneSurrogate,
    "i_string_invalid_utf-8.json": .invalidUTF8,
    "i_string_inverted_surrogates_U+1D11E.json": .loneSurrogate,
    "i_string_iso_latin_1.json": .invalidUTF8,
    "i_string_lone_second_surrogate.json": .loneSurrogate,
    "i_string_lone_utf8_continuation_byte.json": .invalidUTF8,
    "i_string_not_in_unicode_range.json": .invalidUTF8,
    "i_string_overlong_sequence_2_bytes.json": .invalidUTF8,
    "i_string_overlong_sequence_6_bytes.json": .invalidUTF8,
    "i_string_overlong_sequence_6_bytes_null.json": .invalidUTF8,
    "i_string_truncated-utf-8.json": .invalidUTF8,
    "i_string_utf16BE_no_BOM.json": .unexpectedByte,
    "i_string_utf16LE_no_BOM.json": .unexpectedByte,
    "i_structure_500_nested_arrays.json": .tooDeep,
    "i_structure_UTF-8_BOM_empty_object.json": .byteOrderMark,
]

@Test func `the suite's open questions are answered by the table`() throws {
    guard let files = try Corpus.files("i_") else { return }
    #expect(files.count == open.count)
    for file in files {
        let expected = try #require(open[file.name], "\(file.name) is not in the table")
        #expect(Corpus.reason(file.bytes) == expected, "\(file.name)")
    }
}

@Test func `the suite's accepted documents come back the same from the writer`() throws {
    guard let files = try Corpus.files("y_") else { return }
    for file in files where stricter[file.name] == nil {
        let value = try JSONReader.read(file.bytes)
        #expect(try JSONReader.read(value.bytes) == value, "\(file.name)")
    }
}
