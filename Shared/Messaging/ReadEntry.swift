import Events
import JSON
import Kernel
import Redis

/// One entry of a stream as it was read: the envelope, if it is one.
struct ReadEntry: Sendable {
    /// Nil for what is no envelope, or claims to be another source's.
    let envelope: EventEnvelope?
    /// What stands there, made fit for a text column.
    let text: String
    let source: String
    /// A name for an entry that names nothing itself, the same at each reading.
    let fallback: ID<EventRecord>

    init(_ entry: StreamEntry, from source: String) {
        self.source = source
        let bytes = entry["event"] ?? []
        text = String(String(decoding: bytes.prefix(65_536), as: UTF8.self).filter { $0 != "\0" })
        envelope = Self.envelope(bytes, from: source)
        let id = StreamID(entry.id) ?? .zero
        fallback = ID(
            high: UInt64(clamping: id.milliseconds) << 16 | 0x7000,
            low: 0x8000_0000_0000_0000 | UInt64(clamping: id.sequence) & 0x3FFF_FFFF_FFFF_FFFF)
    }

    private static func envelope(_ bytes: [UInt8], from source: String) -> EventEnvelope? {
        guard let json = try? JSONReader.read(bytes), let envelope = try? EventEnvelope(json: json) else { return nil }
        return envelope.source == source ? envelope : nil
    }
}
