/// How long a code proves a phone, and how often it may be guessed.
package struct PhoneCodeRules: Sendable, Equatable {
    package let digits: Int
    package let life: Duration

    package init(digits: Int = 6, life: Duration = .seconds(600)) {
        self.digits = digits
        self.life = life
    }

    /// Tries after which a code is void, and those of one account within `day`, whatever the code: a million codes are
    /// not tried out.
    package static let triesPerCode = 5
    package static let triesPerDay = 20
    package static let day: Duration = .seconds(86_400)
}
