import API
import Kernel
import RegistryDomain
import Testing

@testable import Registry

@Suite struct WrittenDoctorsTests {
    private static func doctor(_ number: UInt64, by transaction: Int64 = 1, at seconds: Int64 = 0) -> StampedDoctor {
        let at = Instant(seconds: 1_750_000_000 + seconds)
        let entry = DoctorEntry(
            id: ID(high: 1, low: number), creator: ID(high: 2, low: 1),
            details: DoctorDetails(firstName: "D\(number) of \(transaction)", lastName: "C", specialization: .surgery),
            createdAt: at, updatedAt: at)
        return StampedDoctor(
            stamp: DoctorStamp(id: entry.id, transaction: transaction, updatedAt: at), entry: entry)
    }

    /// The views of these states, and the numbers of those that had to be read.
    private func given(
        _ written: WrittenDoctors, _ asked: [StampedDoctor], now: [StampedDoctor]? = nil
    ) async throws -> (views: [[UInt8]]?, read: [UInt64]) {
        var read: [UInt64] = []
        let views = try await written.views(of: asked.map(\.stamp)) { ids in
            read = ids.map(\.low)
            return (now ?? asked).filter { ids.contains($0.entry.id) }.reversed()
        }
        return (views, read)
    }

    private func views(_ doctors: [StampedDoctor]) -> [[UInt8]] {
        doctors.map { WrittenListing.element(DoctorView($0.entry)) }
    }

    @Test func `only doctors that changed are read again, and all stand in the order of the page`() async throws {
        let written = WrittenDoctors()
        let first = [Self.doctor(3), Self.doctor(1), Self.doctor(2)]
        var (given, read) = try await given(written, first)
        #expect(given == views(first) && read == [3, 1, 2])
        (given, read) = try await self.given(written, first.reversed())
        #expect(given == views(first.reversed()) && read == [])
        for changed in [Self.doctor(1, by: 9), Self.doctor(1, by: 9, at: 1), Self.doctor(1)] {
            let page = [Self.doctor(4), Self.doctor(3), changed]
            (given, read) = try await self.given(written, page)
            #expect(given == views(page) && read.contains(1) && !read.contains(3))
        }
        (given, read) = try await self.given(written, [])
        #expect(given == [] && read == [])
    }

    @Test func `a doctor who was changed or deleted since the page was found is given in no state`() async throws {
        let written = WrittenDoctors()
        let page = [Self.doctor(1), Self.doctor(2)]
        #expect(try await given(written, page, now: [Self.doctor(1)]).views == nil)
        #expect(try await given(written, page, now: [Self.doctor(1), Self.doctor(2, by: 9)]).views == nil)
        let newer = [Self.doctor(1), Self.doctor(2, by: 9)]
        let (given, read) = try await given(written, newer)
        #expect(given == views(newer) && read == [])
    }

    @Test func `those not asked for longest make room`() async throws {
        let written = WrittenDoctors(limit: 10_000)
        let often = Self.doctor(0)
        #expect(try await given(written, [often]).read == [0])
        for number in 1...100 {
            #expect(try await given(written, [often, Self.doctor(UInt64(number))]).read == [UInt64(number)])
        }
        #expect(try await given(written, [Self.doctor(1)]).read == [1])
        #expect(try await given(written, [Self.doctor(100)]).read == [])
    }
}
