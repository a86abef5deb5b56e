/// A colour by its parts, from 0 to 1.
struct Colour: Equatable {
    let red: Double
    let green: Double
    let blue: Double

    static let ink = Colour(red: 0.13, green: 0.16, blue: 0.2)
    static let faint = Colour(red: 0.42, green: 0.46, blue: 0.52)
    static let accent = Colour(red: 0.06, green: 0.36, blue: 0.45)
    static let alarm = Colour(red: 0.7, green: 0.11, blue: 0.11)
    static let line = Colour(red: 0.82, green: 0.85, blue: 0.88)
    static let shade = Colour(red: 0.94, green: 0.96, blue: 0.97)
    static let alarmShade = Colour(red: 0.99, green: 0.93, blue: 0.92)
}

/// How a text looks on paper.
struct TextStyle: Equatable {
    /// In points.
    let size: Double
    var isBold = false
    var colour = Colour.ink
    /// At the end of the line: on the right, of a paragraph written from right to left on the left.
    var isAtEnd = false

    static let body = TextStyle(size: 10)
    static let strong = TextStyle(size: 10, isBold: true)
    static let small = TextStyle(size: 8, colour: .faint)
    static let label = TextStyle(size: 7.5, isBold: true, colour: .faint)
    static let heading = TextStyle(size: 11, isBold: true, colour: .accent)
    static let hospital = TextStyle(size: 16, isBold: true, colour: .accent)
    static let title = TextStyle(size: 16, isAtEnd: true)
    static let alarm = TextStyle(size: 10, isBold: true, colour: .alarm)
}
