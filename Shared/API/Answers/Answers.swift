import Forms
import JSON
package import Kernel

/// One resource, 200. `version` makes its ETag.
package struct Item<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .item, schema: Viewed.shape.schema, schemaName: Viewed.shape.name)
    }
    package let view: Viewed
    package let version: Int64?
    private let repeatedView: Viewed

    /// - Parameter repeating: the same without a secret that is shown once; nil where there is none.
    package init(_ view: Viewed, version: Int64? = nil, repeating: Viewed? = nil) {
        self.view = view
        self.version = version
        repeatedView = repeating ?? view
    }
    package var answered: Answered { answered(view) }
    package var repeated: Answered { answered(repeatedView) }

    private func answered(_ view: Viewed) -> Answered {
        Answered(.item { [view] in Viewed.shape.write(view, to: &$0) }, version: version)
    }
}

/// What was begun and ends later, 202.
package struct Accepted<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(status: 202, form: .item, schema: Viewed.shape.schema, schemaName: Viewed.shape.name)
    }
    package let view: Viewed

    package init(_ view: Viewed) { self.view = view }
    package var answered: Answered {
        Answered(status: 202, .item { [view] in Viewed.shape.write(view, to: &$0) })
    }
}

/// A new resource, 201 with its `Location`.
package struct Created<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(status: 201, form: .item, schema: Viewed.shape.schema, schemaName: Viewed.shape.name)
    }
    package let view: Viewed
    package let location: String?
    package let version: Int64?
    private let repeatedView: Viewed

    /// - Parameter repeating: the same without a secret that is shown once; nil where there is none.
    package init(_ view: Viewed, at location: String?, version: Int64? = nil, repeating: Viewed? = nil) {
        self.view = view
        self.location = location
        self.version = version
        repeatedView = repeating ?? view
    }
    package var answered: Answered { answered(view) }
    package var repeated: Answered { answered(repeatedView) }

    private func answered(_ view: Viewed) -> Answered {
        Answered(
            status: 201, .item { [view] in Viewed.shape.write(view, to: &$0) }, location: location, version: version)
    }
}

/// A new resource, 201 with its `Location`; where the caller has it already, the same, 200.
package struct CreatedOnce<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(
            status: 201, form: .item, schema: Viewed.shape.schema, schemaName: Viewed.shape.name, mayBeThere: true)
    }
    package let view: Viewed
    package let location: String?
    package let isNew: Bool

    package init(_ view: Viewed, at location: String?, isNew: Bool) {
        self.view = view
        self.location = location
        self.isNew = isNew
    }
    package var answered: Answered {
        Answered(
            status: isNew ? 201 : 200, .item { [view] in Viewed.shape.write(view, to: &$0) },
            location: isNew ? location : nil)
    }
}

/// A page of resources, 200.
package struct Listing<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .list, schema: Viewed.shape.schema, schemaName: Viewed.shape.name)
    }
    package let page: Page<Viewed>
    package let request: PageRequest

    package init(_ page: Page<Viewed>, asked request: PageRequest) {
        self.page = page
        self.request = request
    }
    package var answered: Answered {
        Answered(
            .list(ListFrame(of: page, asked: request)) { [page] in Viewed.shape.write(each: page.items, to: &$0) })
    }
}

/// The same, written when it is made, so that it can be kept and given again.
package struct WrittenListing<Viewed: View>: Answer {
    package static var description: AnswerDescription { Listing<Viewed>.description }

    /// The views as JSON.
    package let elements: [[UInt8]]
    private let frame: ListFrame

    package init(_ page: Page<Viewed>, asked request: PageRequest) {
        self.init(written: page.map { Self.element($0) }, asked: request)
    }

    /// A page of what `element` gave.
    package init(written page: Page<[UInt8]>, asked request: PageRequest) {
        elements = page.items
        frame = ListFrame(of: page, asked: request)
    }

    /// A view as JSON.
    package static func element(_ view: Viewed) -> [UInt8] {
        var json = JSONWriter(reserving: 1024)
        Viewed.shape.write(view, to: &json)
        return Array(json.bytes)
    }

    package var answered: Answered {
        Answered(.list(frame) { [elements] json in json.raw(each: elements) })
    }
}

/// A list that was put together of several parts, with the names of those that could not be asked, 200.
package struct PartialListing<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(
            form: .list, schema: Viewed.shape.schema, schemaName: Viewed.shape.name, isPartial: true)
    }
    package let listing: Listing<Viewed>
    package let missing: [String]

    package init(_ page: Page<Viewed>, asked request: PageRequest, without missing: [String]) {
        listing = Listing(page, asked: request)
        self.missing = missing
    }

    package var page: Page<Viewed> { listing.page }
    package var answered: Answered { listing.answered.without(missing) }
}

/// Done, and nothing to show: an envelope with the message, or 204 for the plain profile.
package struct Done: Answer {
    package static var description: AnswerDescription { AnswerDescription(form: .nothing) }
    package init() {}
    package var answered: Answered { Answered(.nothing) }
}

/// An object without an envelope in either profile (`/api/token`, the JWKS), 200.
package struct Bare<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .bare, schema: Viewed.shape.schema, schemaName: Viewed.shape.name)
    }
    package let view: Viewed
    package init(_ view: Viewed) { self.view = view }
    package var answered: Answered { Answered(.bare { [view] in Viewed.shape.write(view, to: &$0) }) }
}

/// A view whose fields stand beside `success` itself (`GET /api/mappings/{patient_id}`), 200.
package struct Members<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .members, schema: Viewed.shape.schema, schemaName: Viewed.shape.name)
    }
    package let view: Viewed
    package init(_ view: Viewed) { self.view = view }
    package var answered: Answered {
        Answered(.members { [view] in Viewed.shape.writeMembers(of: view, to: &$0) })
    }
}

extension ListFrame {
    fileprivate init<Viewed>(of page: Page<Viewed>, asked request: PageRequest) {
        var number: Int?
        if case .page(let asked) = request.position { number = asked }
        self.init(page: number, size: request.size, total: page.total, nextCursor: page.nextCursor)
    }
}
