import Chassis
import Kernel
import Testing

private func at(_ seconds: Double) -> Instant {
    Instant(microseconds: 1_700_000_000_000_000 + Int64(seconds * 1_000_000))
}

@Suite struct InstanceSelectionTests {
    @Test func `the least busy instance is taken, in turn among equals`() {
        var instances = InstanceSelection(count: 3)
        let first = (0..<3).compactMap { _ in instances.take(at: at(0)) }
        #expect(Set(first).count == 3)
        instances.succeeded(first[1])
        #expect(instances.take(at: at(0)) == first[1])
    }

    @Test func `one that fails three times in a row is passed over for a while`() {
        var instances = InstanceSelection(count: 2)
        for _ in 0..<3 { instances.failed(0, at: at(0)) }
        for _ in 0..<10 { #expect(instances.take(at: at(1)) == 1) }
        #expect((0..<20).compactMap { _ in instances.take(at: at(6)) }.contains(0))
    }

    @Test func `with none left well, any is better than none; a retry takes another`() {
        var instances = InstanceSelection(count: 2)
        instances.checked(0, isHealthy: false)
        instances.checked(1, isHealthy: false)
        let first = instances.take(at: at(0))
        #expect(first != nil)
        #expect(instances.take(at: at(0), except: first) == 1 - (first ?? 0))
        var single = InstanceSelection(count: 1)
        #expect(single.take(at: at(0), except: 0) == nil)
    }
}
