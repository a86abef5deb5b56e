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
            _ = try await w.ask(
                "joinWaitlist", as: w.people.john,
                [
                    "hospital_id": .string(w.people.hospitalID.description),
                    "doctor_id": .string(w.people.entry(of: w.people.doctorA).description), "from": "2027-01-05",
                    "to": "2027-01-05",
                ])
            try await free(way, w)
            let entry = try await w.ask("listWaitlist", as: w.people.john).json.array?.first
            #expect(entry?["status"] == "OFFERED" && entry?["offer"]?["start"] == .string(World.ten))
        }
    }

    private func free(_ way: Way, _ w: World) async throws {
        if way == .released {
            let hold = try await w.hold(w.people.doctorA, at: World.ten)
            _ = try await w.ask("releaseHold", as: w.people.jane, id: hold)
            return
        }
        let id = try await w.book(w.people.doctorA).id
        if way != .rejected { _ = try await w.assign(id, w.people.doctorA) }
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
