// Outbound: how processes speak to what is not ours (a provider of text messages, a mail server, a model), by libcurl.
// What is said and what an answer means is for the callers; they run it on threads that may block.

import CCurl
import Lifecycle

/// What libcurl wants of a process.
package enum Curl {
    /// Once, before any thread uses it: with TLS, and without touching signals.
    package static let isReady: Bool = curl_global_init(3) == CURLE_OK

    /// How long connecting may take, as part of a whole, unless the caller says less.
    package static let connecting: Duration = .seconds(10)

    /// What every exchange obeys: its time is bounded, whatever names or peers do, and no environment sends it
    /// elsewhere.
    package static func bound(
        _ handle: UnsafeMutableRawPointer, to timeout: Duration, connecting: Duration = Curl.connecting
    ) {
        let milliseconds = Int(timeout.wholeNanoseconds / 1_000_000)
        unsafe praxis_curl_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds)
        unsafe praxis_curl_set_long(
            handle, CURLOPT_CONNECTTIMEOUT_MS, min(Int(connecting.wholeNanoseconds / 1_000_000), milliseconds))
        // Time-outs must not use signals: there are other threads.
        unsafe praxis_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        // A name that is still being looked up is not waited for when the time is over.
        unsafe praxis_curl_set_long(handle, CURLOPT_QUICK_EXIT, 1)
        unsafe praxis_curl_set_string(handle, CURLOPT_PROXY, "")
    }
}
