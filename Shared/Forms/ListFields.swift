import JSON

extension Field {
    /// A list of objects, each read by a form of its own; a fault has the element's place in its path
    /// (`medicines[0].name`).
    package static func objects<Element: Sendable>(
        _ name: String, _ properties: [Schema.Property], atMost: Int,
        read: @escaping @Sendable (Source, Faults) -> Element?
    ) -> Field<[Element]> where Value == [Element] {
        let schema = Schema.array(of: .object(properties)).adding("maxItems", .integer(Int64(atMost)))
        return Field(name, schema) { value, refuse in
            guard case .array(let items) = value, items.count <= atMost else {
                refuse("Must be a list of at most \(atMost) objects.")
                return nil
            }
            let elements = items.enumerated().compactMap { index, item in
                element(item, at: "\(name)[\(index)]", refuse.faults, read)
            }
            return elements.count == items.count ? elements : nil
        }
    }

    private static func element<Element>(
        _ item: JSONValue, at place: String, _ faults: Faults, _ read: (Source, Faults) -> Element?
    ) -> Element? {
        guard item.object != nil else {
            faults.add(place, "Must be a JSON object.")
            return nil
        }
        return faults.within(place) { read(Source(body: item), faults) }
    }
}
