package import Kernel

/// What a hospital's doctor logs in with, as the hospital is shown it once.
package enum DoctorCredentials {
    /// Characters of a username's halves: with `_` between them and a number of four digits they are 60.
    private static let halves = (doctor: 28, hospital: 27)

    /// `alikhan_cityhospital`: what the username is, or what a number follows where that is taken. ASCII letters and
    /// digits of both names; a name without any is called what it is of.
    package static func usernameStem(firstName: String, lastName: String, hospital: String) -> String {
        let doctor = half(firstName + lastName, halves.doctor, or: "doctor")
        return doctor + "_" + half(hospital, halves.hospital, or: "hospital")
    }

    private static func half(_ name: String, _ length: Int, or fallback: String) -> String {
        let bytes = SearchText.folded(name).utf8.filter { byte in
            switch byte {
            case 48...57, 97...122: true
            default: false
            }
        }
        return bytes.isEmpty ? fallback : String(decoding: bytes.prefix(length), as: UTF8.self)
    }

    /// Without letters and digits that are taken for each other on paper.
    private static let classes = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!#$%*+-=?@"]
        .map { Array($0) }
    package static let passwordLength = 12

    /// 12 characters: at least one upper case and one lower case letter, one digit and one special character, in no
    /// particular place.
    package static func password(using generator: inout some RandomNumberGenerator) -> Secret {
        var characters = classes.compactMap { $0.randomElement(using: &generator) }
        let all = classes.flatMap { $0 }
        while characters.count < passwordLength, let next = all.randomElement(using: &generator) {
            characters.append(next)
        }
        return Secret(String(characters.shuffled(using: &generator)))
    }
}
