import Kernel
import Testing

@Suite struct PasswordRulesTests {
    @Test func `every missing class is told, all at once`() {
        #expect(
            PasswordRules.faults(of: "......") == [
                "Password must contain at least 8 characters",
                "Password must contain at least one uppercase letter.",
                "Password must contain at least one lowercase letter.",
                "Password must contain at least one digit.",
            ])
        #expect(PasswordRules.faults(of: "Passw0rds") == ["Password must contain at least one special character."])
    }

    @Test(arguments: ["SecurePass123!", "securepassword123", "correct horse battery"])
    func `a good password has no faults`(password: String) {
        #expect(PasswordRules.faults(of: password).isEmpty)
    }

    @Test func `a password has an end`() {
        #expect(PasswordRules.faults(of: String(repeating: "aB3!", count: 32)).isEmpty)
        #expect(!PasswordRules.faults(of: String(repeating: "aB3!", count: 32) + "x").isEmpty)
    }

    @Test func `a password made of its owner's name is similar to it`() {
        #expect(PasswordRules.isSimilar("Johnson1!", to: "Dr. Alice Johnson"))
        #expect(PasswordRules.isSimilar("alice.hospital1", to: "alice@hospital.com"))
        #expect(!PasswordRules.isSimilar("SecurePass123!", to: "alice@hospital.com"))
        #expect(!PasswordRules.isSimilar("SecurePass123!", to: "Al"))
    }
}
