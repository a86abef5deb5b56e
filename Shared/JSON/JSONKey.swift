/// A key as it is written between two members, `,"name":`, made once for all objects that have it.
package struct JSONKey: Sendable {
    let bytes: [UInt8]

    package init(_ name: StaticString) {
        var json = JSONWriter(reserving: name.utf8CodeUnitCount + 4)
        json.append(",")
        json.key(name)
        bytes = json.bytes
    }
}
