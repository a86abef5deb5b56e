import Forms
import JSON

/// One resource, or null where there is none, 200.
package struct MaybeItem<Viewed: View>: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .item, schema: Viewed.shape.schema.nullable)
    }
    package let view: Viewed?

    package init(_ view: Viewed?) { self.view = view }

    package var answered: Answered {
        Answered(
            .item { [view] json in
                if let view { Viewed.shape.write(view, to: &json) } else { json.null() }
            })
    }
}
