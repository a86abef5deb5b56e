import Events
import JSON
import Kernel
import Redis

/// A stream entry with its envelope, if it is one.
struct DecodedEntry: Sendable {
    /// Nil for what is not an envelope, or names another source.
    let envelope: EventEnvelope?
    /// The field `event`.
    private let bytes: [UInt8]
    let source: String
    /// An id for an entry without an envelope, derived from the entry id: the same at each reading.
    let fallbackID: ID<EventRecord>

    init(_ entry: StreamEntry, from source: String) {
        self.source = source
        bytes = entry["event"] ?? []
        envelope = Self.envelope(bytes, from: source)
        let id = StreamID(entry.id) ?? .zero
        fallbackID = ID(
            high: UInt64(clamping: id.milliseconds) << 16 | 0x7000,
            low: 0x8000_0000_0000_0000 | UInt64(clamping: id.sequence) & 0x3FFF_FFFF_FFFF_FFFF)
    }

    /// The bytes of the field `event`, fit for a text column: at most 64 KiB, without NUL.
    var text: String { String(decoding: bytes.prefix(65_536).filter { $0 != 0 }, as: UTF8.self) }

    /// The type of the entry's event, without reading the rest of what was written as we write; nil without an event.
    static func type(of entry: StreamEntry, from source: String) -> String? {
        guard let bytes = entry["event"] else { return nil }
        return EventEnvelope.type(in: bytes, from: source) ?? envelope(bytes, from: source)?.type
    }

    private static func envelope(_ bytes: [UInt8], from source: String) -> EventEnvelope? {
        guard let json = try? JSONReader.read(bytes), let envelope = try? EventEnvelope(json: json) else { return nil }
        return envelope.source == source ? envelope : nil
    }
}
