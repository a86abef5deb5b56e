import Kernel
import Postgres
import Scheduling
import Testing

@Suite struct OpenStatesTests {
    @Test func `the list in statements is that of the states which are open`() {
        let listed = AppointmentStatus.openList.text.split(separator: "'").filter { !"(), ".contains($0) }
        #expect(listed.map(String.init) == AppointmentStatus.open.map(\.rawValue))
    }
}
