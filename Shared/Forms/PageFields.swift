package import Kernel

/// `page`, `page_size` and `cursor` of a list (api.md §1 Pages).
extension Field where Value == PageRequest {
    package static var page: Field<PageRequest> {
        let page = Field<Int?>.optional(.integer("page", 1...1_000_000, in: .query))
        let size = Field<Int>.integer("page_size", 1...PageRequest.maximumSize, in: .query).or(PageRequest.defaultSize)
        let cursor = Field<String?>.optional(.text("cursor", 0...1024, in: .query))
        return Field(properties: page.properties + size.properties + cursor.properties) { source, faults in
            // All three are read before any is used, so that all faults are reported.
            let read = (page.read(source, faults), size.read(source, faults), cursor.read(source, faults))
            guard let page = read.0, let size = read.1, var cursor = read.2 else { return nil }
            if let given = cursor, let readCursor = source.readCursor {
                cursor = readCursor(given)
                guard cursor != nil else {
                    faults.add("cursor", Cursor.says)
                    return nil
                }
            }
            // An empty `cursor=` starts keyset paging; a given one goes on from there.
            let wantsCursor = cursor != nil || source.value("cursor", in: .query) != nil
            return PageRequest(position: wantsCursor ? .after(cursor) : .page(page ?? 1), size: size)
        }
    }
}
