import Kernel
import RegistryDomain
import Testing

struct DoctorCredentialsTests {
    @Test(arguments: [
        ("Ali", "Khan", "Jinnah Hospital", "alikhan_jinnahhospital"),
        ("José", "O’Neill-García", "Hôpital St. Łukasz 2", "joseoneillgarcia_hopitalstlukasz2"),
        ("李", "明", "病院", "doctor_hospital"),
        (
            String(repeating: "A", count: 90), "B", String(repeating: "Z", count: 190),
            String(repeating: "a", count: 28) + "_" + String(repeating: "z", count: 27)
        ),
    ])
    func `a username is both names, folded and cut so that a number fits`(
        first: String, last: String, hospital: String, stem: String
    ) {
        let made = DoctorCredentials.usernameStem(firstName: first, lastName: last, hospital: hospital)
        #expect(made == stem && Username.isValid(made + "9999"))
    }

    @Test func `a password has 12 characters, and one of each class wherever it stands`() {
        var generator = SystemRandomNumberGenerator()
        var firsts: Set<Character> = []
        for _ in 0..<500 {
            let password = DoctorCredentials.password(using: &generator).expose()
            #expect(password.count == 12 && PasswordRules.faults(of: password).isEmpty)
            if let first = password.first { firsts.insert(first) }
        }
        #expect(firsts.contains(where: \.isNumber) && firsts.contains(where: \.isLowercase))
        #expect(firsts.contains(where: \.isUppercase) && firsts.contains { !$0.isLetter && !$0.isNumber })
    }
}
