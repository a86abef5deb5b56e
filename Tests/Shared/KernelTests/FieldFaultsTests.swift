import Kernel
import Testing

struct FieldFaultsTests {
    private typealias Faults = [Problem.FieldFaults]

    @Test func `two lists become one, each field once and each message once`() {
        let one: Faults = [.init(field: "email", messages: ["a", "b"]), .init(field: "phone", messages: ["c"])]
        let other: Faults = [.init(field: "phone", messages: ["c", "d"]), .init(field: "name", messages: ["e"])]
        #expect(
            one.merged(with: other) == [
                .init(field: "email", messages: ["a", "b"]), .init(field: "phone", messages: ["c", "d"]),
                .init(field: "name", messages: ["e"]),
            ])
        #expect(one.merged(with: []) == one)
        #expect(Faults().merged(with: other) == other)
    }
}
