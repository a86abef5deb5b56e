/// JSON: what is read is written and read back the same; faults point into the document.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do throws(JSONFault) {
        let value = try JSONReader.read(bytes)
        let written = value.bytes
        do throws(JSONFault) {
            let again = try JSONReader.read(written, limits: JSONLimits(bytes: 8 * 1_048_576))
            precondition(again == value, "what was written reads differently")
        } catch {
            preconditionFailure("what was written is refused: \(error.reason)")
        }
        _ = MergePatch.apply(value, to: value)
        precondition(MergePatch.apply(value, to: .null) == MergePatch.apply(value, to: []))
    } catch {
        precondition((0...bytes.count).contains(error.offset), "the fault lies outside the document")
    }
    return 0
}
