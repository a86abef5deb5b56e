import CCurl
import Glibc

/// The one other side that a request may speak to: its name, and the addresses it was found to have. Looking the name
/// up again could give others.
package struct OutboundPeer: Sendable {
    /// As it stands in the URL, without brackets.
    package let host: String
    package let port: UInt16
    /// As 128 bits, IPv4 in its mapped form (RFC 4291 §2.5.5.2).
    package let addresses: [(high: UInt64, low: UInt64)]

    package init(host: String, port: UInt16, addresses: [(high: UInt64, low: UInt64)]) {
        self.host = host
        self.port = port
        self.addresses = addresses
    }

    /// `host:port:address,address`, as libcurl wants it (CURLOPT_RESOLVE); nil for an IPv6 address, which needs no
    /// looking up and whose colons libcurl would misread.
    var pinned: String? {
        host.contains(":") ? nil : "\(host):\(port):\(addresses.map(Self.text).joined(separator: ","))"
    }

    private static func text(_ address: (high: UInt64, low: UInt64)) -> String {
        if address.high == 0, address.low >> 32 == 0xFFFF {
            return [24, 16, 8, 0].map { String(address.low >> UInt64($0) & 0xFF) }.joined(separator: ".")
        }
        let words = [address.high, address.low].flatMap { half in
            [48, 32, 16, 0].map { String(half >> UInt64($0) & 0xFFFF, radix: 16) }
        }
        return "[\(words.joined(separator: ":"))]"
    }
}

/// Opens sockets to the given addresses and to no other; used by one thread, libcurl's callback included.
final class AllowedPeers {
    private let addresses: [(high: UInt64, low: UInt64)]

    init(_ peer: OutboundPeer) { addresses = peer.addresses }

    /// Has the handle's sockets opened by this, which must outlive the exchange.
    func guardSockets(of handle: UnsafeMutableRawPointer) {
        unsafe praxis_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, Unmanaged.passUnretained(self).toOpaque())
        unsafe praxis_curl_set_open_socket(handle) { context, _, address in
            guard let context = unsafe context, let address = unsafe address else { return -1 }
            let peers = unsafe Unmanaged<AllowedPeers>.fromOpaque(context).takeUnretainedValue()
            return unsafe peers.open(address)
        }
    }

    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Int32 {
        var (high, low): (UInt64, UInt64) = (0, 0)
        guard unsafe praxis_curl_address(address, &high, &low) == 1,
            addresses.contains(where: { $0.high == high && $0.low == low })
        else { return -1 }
        return unsafe socket(
            address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.`protocol`)
    }
}
