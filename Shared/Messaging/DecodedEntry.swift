import Events
import JSON
import Kernel
import Redis

/// A stream entry with its envelope, if it is one.
struct DecodedEntry: Sendable {
    /// Nil for what is not an envelope, or names another source.
    let envelope: EventEnvelope?
    /// The bytes of the field `event`, fit for a text column: at most 64 KiB, without NUL.
    let text: String
    let source: String
    /// An id for an entry without an envelope, derived from the entry id: the same at each reading.
    let fallbackID: ID<EventRecord>

    init(_ entry: StreamEntry, from source: String) {
        self.source = source
        let bytes = entry["event"] ?? []
        text = String(String(decoding: bytes.prefix(65_536), as: UTF8.self).filter { $0 != "\0" })
        envelope = Self.envelope(bytes, from: source)
        let id = StreamID(entry.id) ?? .zero
        fallbackID = ID(
            high: UInt64(clamping: id.milliseconds) << 16 | 0x7000,
            low: 0x8000_0000_0000_0000 | UInt64(clamping: id.sequence) & 0x3FFF_FFFF_FFFF_FFFF)
    }

    private static func envelope(_ bytes: [UInt8], from source: String) -> EventEnvelope? {
        guard let json = try? JSONReader.read(bytes), let envelope = try? EventEnvelope(json: json) else { return nil }
        return envelope.source == source ? envelope : nil
    }
}
