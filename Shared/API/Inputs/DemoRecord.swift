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

    /// The JSON document with every string replaced that is the placeholder of a known record.
    package static func resolve(_ document: [UInt8], _ ids: [DemoRecord: String]) -> [UInt8] {
        let known = Dictionary(
            ids.map { (JSONValue.string($0.key.placeholder).bytes, JSONValue.string($0.value).bytes) },
            uniquingKeysWith: { first, _ in first })
        var resolved: [UInt8] = []
        resolved.reserveCapacity(document.count)
        var rest = document[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "\"")) {
            let text = rest[start..<endOfString(rest, after: start)]
            resolved += rest[..<start]
            resolved += known[Array(text)] ?? Array(text)
            rest = rest[text.endIndex...]
        }
        return resolved + rest
    }

    /// Behind the quotation mark that ends the string which begins at `start`.
    private static func endOfString(_ document: ArraySlice<UInt8>, after start: Int) -> Int {
        var index = start + 1
        while index < document.endIndex, document[index] != UInt8(ascii: "\"") {
            index += document[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, document.endIndex)
    }
}
