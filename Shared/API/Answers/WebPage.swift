/// A page of HTML, 200: for what people look at while they develop. It may use our style sheet and nothing else.
package struct WebPage: Answer {
    package static var description: AnswerDescription { AnswerDescription(form: .document, schema: nil) }
    package let html: String

    package init(html: String) { self.html = html }
    package var answered: Answered { Answered(.document(type: "text/html; charset=utf-8", Array(html.utf8))) }
}
