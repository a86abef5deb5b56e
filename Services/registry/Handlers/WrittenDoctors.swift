import API
import Kernel
import Lifecycle
import RegistryDomain

/// Views of doctors as they were written last, each given again while the doctor's row is the same, so that a page that
/// is made anew reads and writes only those that changed (docs/adr/0074). Holds at most twice `limit` bytes.
struct WrittenDoctors: Sendable {
    private struct Written {
        let stamp: DoctorStamp
        let json: [UInt8]
    }

    private let kept: Locked<ByteLimitedCache<ID<Doctor>, Written>>

    init(limit: Int = 8 << 20) { kept = Locked(ByteLimitedCache(limit: limit)) }

    /// The views of these states, in their order; nil where one is not to be had any more, since the doctor was changed
    /// or deleted in between.
    /// - Parameter read: gives those doctors that are not kept, as they are now.
    func views(
        of stamps: [DoctorStamp], read: ([ID<Doctor>]) async throws -> [StampedDoctor]
    ) async throws -> [[UInt8]]? {
        var views = kept.withLock { kept in stamps.map { Self.view(of: $0, in: &kept) } }
        let missing = zip(stamps, views).compactMap { $1 == nil ? $0.id : nil }
        if missing.isEmpty { return views.compactMap { $0 } }
        let written = try await read(missing).map { doctor in
            Written(stamp: doctor.stamp, json: WrittenListing.element(DoctorView(doctor.entry)))
        }
        views = kept.withLock { kept in
            for one in written { kept.insert(one, bytes: one.json.count + Self.bytesOfStamp, for: one.stamp.id) }
            return zip(stamps, views).map { stamp, view in view ?? Self.view(of: stamp, in: &kept) }
        }
        let found = views.compactMap { $0 }
        return found.count == stamps.count ? found : nil
    }

    /// Of a stamp, its place in a table and an array's head, roughly.
    private static let bytesOfStamp = 160

    private static func view(
        of stamp: DoctorStamp, in kept: inout ByteLimitedCache<ID<Doctor>, Written>
    ) -> [UInt8]? {
        guard let written = kept.value(stamp.id), written.stamp == stamp else { return nil }
        return written.json
    }
}
