import JSON
import SchedulingDomain

/// The form in which a visit's words are sealed: compact JSON of what is there. Its keys are stored and never renamed.
enum AppointmentDocument {
    static func bytes(of words: AppointmentWords) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            if let reason = words.reason { json.field("reason", reason) }
            if let notes = words.notes { json.field("notes", notes) }
            if let reason = words.statusReason { json.field("status_reason", reason) }
        }
        return json.bytes
    }

    /// Nil when these are not the bytes of a visit's words.
    static func words(in bytes: [UInt8]) -> AppointmentWords? {
        guard let json = try? JSONReader.read(bytes), json.object != nil else { return nil }
        return AppointmentWords(
            reason: json["reason"]?.string, notes: json["notes"]?.string, statusReason: json["status_reason"]?.string)
    }
}
