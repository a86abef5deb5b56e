import Forms
import JSON
import Kernel

extension Field where Value == Instant {
    /// How far ahead a visit may be.
    private static let furthest: Duration = .seconds(730 * 86_400)

    /// When a visit is to begin: a whole minute in the future.
    static func visitStart(_ name: String) -> Field<Instant> {
        let instant = Field<Instant>.instant(name)
        return Field(properties: instant.properties, presence: instant.presence) { source, faults in
            guard let start = instant.read(source, faults) else { return nil }
            if start.microseconds % 60_000_000 != 0 {
                faults.add(name, "Must be a whole minute.")
            } else if start <= source.now {
                faults.add(name, "Must be in the future.")
            } else if start > source.now + furthest {
                faults.add(name, "Must be at most 730 days ahead.")
            } else {
                return start
            }
            return nil
        }
    }
}

extension Field where Value == SlotID {
    /// A slot as lists of slots name it; its start lies in the future.
    static func slot(_ name: String) -> Field<SlotID> {
        let text = Field<SlotID>(name, .string) { value, refuse in
            if case .string(let text) = value, let slot = SlotID(text) { return slot }
            refuse("Must be the slot_id of a slot.")
            return nil
        }
        return Field(properties: text.properties, presence: text.presence) { source, faults in
            guard let slot = text.read(source, faults) else { return nil }
            guard slot.start > source.now else {
                faults.add(name, "Must be in the future.")
                return nil
            }
            return slot
        }
    }
}

extension Field where Value == Int {
    /// How long a visit lasts, in minutes.
    static var visitLength: Field<Int> { .integer("duration_minutes", 5...480) }
}
