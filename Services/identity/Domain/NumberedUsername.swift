/// A username that gets a number where it is taken: `alikhan_cityhospital`, then `alikhan_cityhospital2`.
package struct NumberedUsername: Sendable {
    private let stem: String

    package init(_ stem: String) { self.stem = stem }

    /// How many names are tried one after the other, when others take them at the same time.
    package static let tries = 50

    /// Free names, the first first.
    /// - Parameter taken: in small letters, those that begin with the stem.
    package func free(besides taken: Set<String>) -> [String] {
        var names: [String] = []
        var number = 1
        while names.count < Self.tries {
            let name = number == 1 ? stem : "\(stem)\(number)"
            if !taken.contains(name.lowercased()) { names.append(name) }
            number += 1
        }
        return names
    }
}
