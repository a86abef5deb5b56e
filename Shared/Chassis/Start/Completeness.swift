package import API
package import Web

/// Every endpoint a service owns has a handler, and no other: checked before it serves the first request.
package enum Completeness {
    package static func check(
        _ routes: Routes, of name: ServiceName, declared: [Declaration] = Catalogue.all
    ) throws(StartFault) {
        let owned = declared.filter { $0.owner == name }.map(\.name)
        let served = routes.all.map(\.declaration.name)
        let missing = Set(owned).subtracting(served).sorted()
        let foreign = Set(served).subtracting(owned).sorted()
        if !missing.isEmpty {
            throw StartFault("\(name.rawValue) declares endpoints without handlers: \(missing.joined(separator: ", "))")
        }
        if !foreign.isEmpty {
            throw StartFault("\(name.rawValue) serves endpoints it does not own: \(foreign.joined(separator: ", "))")
        }
    }
}
