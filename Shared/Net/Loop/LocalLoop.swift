internal import Glibc

/// The loop that owns the calling thread, in a thread-local slot.
enum LocalLoop {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        unsafe pthread_key_create(&key, nil)
        return key
    }()

    @inline(__always)
    static var pointer: UnsafeMutableRawPointer? { unsafe pthread_getspecific(key) }

    static func set(_ loop: EventLoop?) {
        let pointer = unsafe loop.map { unsafe Unmanaged.passUnretained($0).toOpaque() }
        unsafe pthread_setspecific(key, pointer)
    }
}
