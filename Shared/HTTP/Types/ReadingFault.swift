internal import Net

extension ByteBuffer {
    /// What is wrong with the bytes that are there, as `read` finds it; nil when it finds nothing.
    @inline(__always)
    func fault(_ read: (Span<UInt8>) throws(MessageFault) -> Void) -> MessageFault? {
        withSpan { bytes in
            do throws(MessageFault) {
                try read(bytes)
                return nil
            } catch {
                return error
            }
        }
    }
}
