/// How long a code opens records, and how often it may be asked for and guessed.
package struct AccessCodeRules: Sendable, Equatable {
    package let digits: Int
    package let life: Duration
    /// Askings of one doctor, and about one patient, in `window`.
    package let askings: Int
    package let window: Duration

    package init(
        digits: Int = 6, life: Duration = .seconds(600), askings: Int = 3, window: Duration = .seconds(900)
    ) {
        self.digits = digits
        self.life = life
        self.askings = askings
        self.window = window
    }

    /// Tries after which a code is void.
    package static let triesPerCode = 5
    /// Wrong tries of one doctor, and about one patient, within `day`, whatever the code.
    package static let wrongPerDay = 20
    package static let day: Duration = .seconds(86_400)
    /// Broken glass of one doctor in a day that is worth an alarm.
    package static let alarmingBreaks = 3
}
