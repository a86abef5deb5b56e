import JSON
import Notifier
import NotifierDomain
import Testing

struct SMSFormTests {
    static let values = ["to": "+1", "text": "say \"x\",\n\\ {{to}} & =", "id": "i", "sender": "s"]

    @Test func `a value stays a value, whatever is in it`() throws {
        let nested = try #require(SMSForm(#"{"messages":[{"to":["{{to}}"],"body":{"text":"{{text}}"},"ttl":600}]}"#))
        let (type, bytes) = try nested.filled(Self.values)
        #expect(type == "application/json")
        let message = try JSONReader.read(bytes)["messages"]?.array?.first
        #expect(message?["body"]?["text"] == .string("say \"x\",\n\\ {{to}} & =") && message?["ttl"] == 600)
        let form = try #require(SMSForm("To={{to}}&Body={{text}}&Fixed=a b"))
        #expect(
            try String(decoding: form.filled(Self.values).bytes, as: UTF8.self)
                == "To=%2B1&Body=say%20%22x%22%2C%0A%5C%20%7B%7Bto%7D%7D%20%26%20%3D&Fixed=a%20b")
    }

    @Test(arguments: [
        "", "x", "To={{to}}", #"{"to":"{{to}}"}"#, #"{"to":"{{to}}","text":"{{text}}""#, "To={{to}}&Body={{text",
        "To={{to}}&Body={{text}}&X={{secret}}", #"{"to":"{{to}}","text":"{{text}}","a":"{{#if}}"}"#, "{{to}}&{{text}}",
    ])
    func `a form that could not work is none`(text: String) { #expect(SMSForm(text) == nil) }

    @Test func `a form knows whether it names a sender`() throws {
        #expect(!SMSForm.default.mentionsSender && SMSForm.defaultWithSender.mentionsSender)
    }
}
