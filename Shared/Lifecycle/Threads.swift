internal import CLinux
internal import Glibc

/// A thread of the operating system, by its handle; to be joined exactly once.
package struct ThreadHandle: @unchecked Sendable {
    fileprivate let raw: pthread_t

    package func join() { pthread_join(raw, nil) }
}

/// Starts a thread that nobody waits for.
package func detachedThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    guard let handle = joinableThread(named: name, body) else { return }
    pthread_detach(handle.raw)
}

/// Starts a thread; `nil` when the system refuses one. Only the first 15 bytes of its name are kept by Linux.
package func joinableThread(named name: String, _ body: @escaping @Sendable () -> Void) -> ThreadHandle? {
    let box = unsafe Unmanaged.passRetained(ThreadBody(name: name, body: body))
    var thread = pthread_t()
    let outcome = unsafe pthread_create(
        &thread, nil,
        { argument in
            guard let argument = unsafe argument else { return nil }
            let box = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            _ = unsafe praxis_name_thread(box.name)
            box.body()
            return nil
        }, box.toOpaque())
    guard outcome == 0 else {
        unsafe box.release()
        return nil
    }
    return ThreadHandle(raw: thread)
}

private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
