/// A calendar (RFC 5545), 200: the same bytes in every profile.
package struct CalendarFile: Answer {
    package static var description: AnswerDescription {
        AnswerDescription(form: .document, mediaType: "text/calendar")
    }
    package let text: String

    package init(_ text: String) { self.text = text }
    package var answered: Answered {
        Answered(.document(type: "text/calendar; charset=utf-8", Array(text.utf8)))
    }
}
