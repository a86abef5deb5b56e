import CCurl
import Lifecycle

/// Handles of libcurl that nobody uses now, each with the connections it keeps open: what is asked of one place again
/// and again is asked over the same ones.
final class CurlHandles: Sendable {
    private let idle = Locked<[Handle]>([])

    @safe private struct Handle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    deinit {
        for handle in idle.withLock({ $0 }) { unsafe curl_easy_cleanup(handle.pointer) }
    }

    /// Nil when libcurl has no memory.
    func take() -> UnsafeMutableRawPointer? {
        if let handle = idle.withLock({ $0.popLast() }) { return unsafe handle.pointer }
        return unsafe curl_easy_init()
    }

    /// Forgets what was asked by it, and keeps its connections.
    func give(back handle: UnsafeMutableRawPointer) {
        unsafe curl_easy_reset(handle)
        let handle = unsafe Handle(pointer: handle)
        idle.withLock { $0.append(handle) }
    }
}
