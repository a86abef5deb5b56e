package import Kernel

/// One text message, ready to be sent.
package struct TextMessage: Sendable, Equatable {
    package let id: ID<Delivery>
    package let kind: String
    /// The same exactly when the words are: a provider that has seen it sends nothing again.
    package let key: String
    package let to: PhoneNumber
    package let text: String
    package let date: Instant

    package init(id: ID<Delivery>, kind: String, key: String, to: PhoneNumber, text: String, date: Instant) {
        self.id = id
        self.kind = kind
        self.key = key
        self.to = to
        self.text = text
        self.date = date
    }

    /// Whether nothing in it acts: a text message is one line of words.
    package var isSafe: Bool {
        let controls = (text + key).unicodeScalars.contains { $0.properties.generalCategory == .control }
        return !controls && !text.isEmpty && text.count <= 480
    }
}
