import JSON
import Kernel
import Scheduling
import Testing

@Suite struct FreedTimesTests {
    /// A way in which a doctor's time becomes free.
    enum Way: String, Sendable, CaseIterable {
        case cancelled, moved, rejected, missed, completed, reassigned, released
    }

    @Test(arguments: Way.allCases)
    func `whatever frees a doctor's time offers it to who waits for it`(way: Way) async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            _ = try await w.join(w.people.john)
            try await free(way, w)
            let entry = try await w.entry(w.people.john)
            #expect(entry["status"] == "OFFERED" && entry["offer"]?["start"] == .string(World.ten))
        }
    }

    @Test(arguments: Way.allCases)
    func `whatever frees the time of a doctor who was shut out offers it to nobody`(way: Way) async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            _ = try await w.join(w.people.john)
            try await free(way, w) {
                w.directory.set { $0.setActive(w.people.entry(of: w.people.doctorA), false) }
            }
            #expect(try await w.status(w.people.john) == "WAITING")
        }
    }

    @Test func `time that becomes free at a closed hospital is offered to nobody`() async throws {
        try await withWorld { w in
            try await w.setHours(of: w.people.doctorA)
            _ = try await w.join(w.people.john)
            try await free(.cancelled, w) { w.directory.set { $0.setStatus(w.people.hospitalID, .rejected) } }
            #expect(try await w.status(w.people.john) == "WAITING")
        }
    }

    /// - Parameter meanwhile: done when the time is taken, before it becomes free.
    private func free(_ way: Way, _ w: World, _ meanwhile: () -> Void = {}) async throws {
        if way == .released {
            let hold = try await w.hold(w.people.doctorA, at: World.ten)
            meanwhile()
            _ = try await w.ask("releaseHold", as: w.people.jane, id: hold)
            return
        }
        let id = try await w.book(w.people.doctorA).id
        if way != .rejected { _ = try await w.assign(id, w.people.doctorA) }
        meanwhile()
        switch way {
        case .cancelled: _ = try await w.cancel(id)
        case .moved: _ = try await w.reschedule(id, to: "2027-01-06T10:00:00Z")
        case .rejected: _ = try await w.setStatus(id, "REJECTED")
        case .missed: _ = try await w.setStatus(id, "NO_SHOW")
        case .completed: _ = try await w.setStatus(id, "COMPLETED")
        case .reassigned: _ = try await w.assign(id, w.people.doctorB)
        case .released: break
        }
    }
}
