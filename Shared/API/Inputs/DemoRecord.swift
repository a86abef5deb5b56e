package import JSON
import Kernel

/// A record of the demonstration that an example names: "patient", "second mapping". Documents show its placeholder;
/// in development the gateway shows the id instead that `praxis demo` has noted under the name.
package struct DemoRecord: Sendable, Hashable {
    package let name: String

    package init(_ name: String) { self.name = name }

    /// The one that stands for all of its kind: what `{id}` in a path names unless the endpoint says otherwise.
    package init<Entity>(_: Entity.Type) { self.init(String(describing: Entity.self).lowercased()) }

    /// The Redis hash of names and ids.
    package static let notes = "praxis:demo"

    /// Has no doctor yet.
    package static let patientWithoutDoctor = DemoRecord("patient without doctor")
    package static let secondMapping = DemoRecord("second mapping")
    /// Waits for approval; the one of its kind is approved.
    package static let pendingHospital = DemoRecord("pending hospital")
    package static let departmentWithoutDoctors = DemoRecord("department without doctors")
    /// Made by the hospital that is the one of its kind.
    package static let hospitalDoctor = DemoRecord("doctor of the hospital")
    /// Keeps their own record.
    package static let registeredPatient = DemoRecord("registered patient")
    /// Waits for the hospital, while the one of its kind is confirmed.
    package static let requestedAppointment = DemoRecord("requested appointment")
    package static let secondAppointment = DemoRecord("second appointment")
    /// Over since the doctor prescribed for it; and confirmed, for whoever tries to.
    package static let prescribedAppointment = DemoRecord("appointment with a prescription")
    package static let appointmentToPrescribe = DemoRecord("appointment to prescribe for")
    /// Of the hospital's doctor.
    package static let freeSlot = DemoRecord("free slot")
    /// What stands for a record whose name is no id.
    private static let forms = [freeSlot.name: "0190a5e4-9d3c-7e4f-9a5b-6c7d8e9f0a1b_20270315T1400Z"]

    /// An id that names nothing, always the same for a name: FNV-1a (64 bits) in the form of a UUIDv7.
    package var placeholder: String {
        if let form = Self.forms[name] { return form }
        let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let high = 0x0190_A5E4_0000_7000 | hash >> 60 | hash >> 16 & 0xFFFF_0000
        return ID<DemoRecord>(high: high, low: 0x8000_0000_0000_0000 | hash & 0x3FFF_FFFF_FFFF_FFFF).description
    }

    package var example: JSONValue { .string(placeholder) }

    /// The value with every placeholder replaced whose record is known.
    package static func resolve(_ value: JSONValue, _ ids: [DemoRecord: String]) -> JSONValue {
        let known = Dictionary(ids.map { ($0.key.placeholder, $0.value) }, uniquingKeysWith: { first, _ in first })
        return replace(in: value, known)
    }

    private static func replace(in value: JSONValue, _ known: [String: String]) -> JSONValue {
        switch value {
        case .string(let text): known[text].map { .string($0) } ?? value
        case .array(let elements): .array(elements.map { replace(in: $0, known) })
        case .object(let members):
            .object(members.map { JSONMember(key: $0.key, value: replace(in: $0.value, known)) })
        default: value
        }
    }
}
