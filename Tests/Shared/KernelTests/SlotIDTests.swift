import Kernel
import Testing

@Suite struct SlotIDTests {
    private static let doctor = "0190a5e4-9d3c-7e4f-9a5b-6c7d8e9f0a1b"

    @Test func `a slot is named by its doctor and its minute in UTC`() throws {
        let text = "\(Self.doctor)_20280229T0930Z"
        let id = try #require(SlotID(text))
        #expect(id.doctor.description == Self.doctor)
        #expect(id.start.rfc3339 == "2028-02-29T09:30:00Z")
        #expect(id.description == text)
    }

    @Test(arguments: [
        "", "_", doctor, "\(doctor)_", "\(doctor)_20270229T0930Z", "\(doctor)_20270314T2460Z",
        "\(doctor)_20270314T0930", "\(doctor)_20270314T093000Z", "\(doctor)_2027-03-14T09:30Z",
        "\(doctor)_20270314T0930Z_", "x_20270314T0930Z", "\(doctor)_20270314t0930Z", "\(doctor)_20270314T0930Z ",
    ])
    func `anything else names no slot`(text: String) {
        #expect(SlotID(text) == nil)
    }
}
