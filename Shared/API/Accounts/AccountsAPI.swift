package import Kernel

/// Accounts, sessions and tokens: what identity owns (api.md §2).
package enum AccountsAPI {
    package static let declarations: [Declaration] =
        [
            register.declaration, logIn.declaration, refresh.declaration, logOut.declaration, logOutAll.declaration,
            sessions.declaration, endSession.declaration, me.declaration, updateMe.declaration,
            accountMe.declaration, changePassword.declaration, contact.declaration,
            standing.declaration,
        ] + TokensAPI.declarations + UsersAPI.declarations + EnrolmentAPI.declarations + VerificationAPI.declarations
        + PasswordResetAPI.declarations + EmailChangeAPI.declarations + SetUpAPI.declarations
        + SecondFactorAPI.declarations + PhoneVerificationAPI.declarations + DashboardAPI.declarations

    package static let register = Endpoint(
        .post, "/api/auth/register", "register", of: .identity, for: .anyone,
        takes: Attempt<RegisterAccount>.self, gives: Created<SignedInView>.self, says: "User registered successfully.",
        summary: "Make an account, and be logged in with it", tag: "Accounts",
        refuses: [.validationFailed, .serviceUnavailable], rate: .registration)

    package static let logIn = Endpoint(
        .post, "/api/auth/login", "logIn", of: .identity, for: .anyone,
        takes: LogIn.self, gives: Item<SignedInView>.self, says: "Login successful.",
        summary: "Log in by email or username", tag: "Accounts",
        refuses: [.invalidCredentials, .otpRequired, .otpInvalid, .accountInactive, .rateLimited, .serviceUnavailable],
        rate: .login)

    package static let refresh = Endpoint(
        .post, "/api/auth/token/refresh", "refreshTokens", of: .identity, for: .anyone,
        takes: RefreshToken.self, gives: Item<TokensView>.self, says: "Token refreshed successfully.",
        summary: "Exchange a refresh token for new tokens; each works once", tag: "Accounts", refuses: [.invalidToken])

    package static let logOut = Endpoint(
        .post, "/api/auth/logout", "logOut", of: .identity, for: .authenticated,
        takes: RefreshToken.self, gives: Done.self, says: "Logout successful.",
        summary: "End the session of a refresh token, everywhere within a second", tag: "Accounts",
        whileEnrolling: true, beforePasswordChange: true)

    package static let logOutAll = Endpoint(
        .post, "/api/auth/logout-all", "logOutAll", of: .identity, for: .authenticated,
        gives: Done.self, says: "All sessions have ended.",
        summary: "End all of the caller's sessions, this one too", tag: "Accounts", whileEnrolling: true,
        beforePasswordChange: true)

    package static let sessions = Endpoint(
        .get, "/api/auth/sessions", "listSessions", of: .identity, for: .authenticated,
        gives: Listing<SessionView>.self, says: "Sessions retrieved successfully.",
        summary: "Where the caller is logged in", tag: "Accounts")

    package static let endSession = Endpoint(
        .delete, "/api/auth/sessions/{id}", "endSession", of: .identity, for: .authenticated,
        takes: ByID<Session>.self, gives: Done.self, says: "The session has ended.",
        summary: "End one of the caller's sessions", tag: "Accounts", refuses: [.notFound])

    package static let me = Endpoint(
        .get, "/api/auth/me", "me", of: .identity, for: .authenticated,
        gives: Item<OwnProfileView>.self, says: "Profile retrieved successfully.", summary: "The caller's account",
        tag: "Accounts", whileEnrolling: true, beforePasswordChange: true)

    package static let updateMe = Endpoint(
        .patch, "/api/auth/me", "updateMe", of: .identity, for: .authenticated,
        takes: Patch<UpdateAccount>.self, gives: Item<OwnProfileView>.self, says: "Profile updated successfully.",
        summary: "Change the caller's name, or ask for another email, which counts once it is proven",
        tag: "Accounts", refuses: [.validationFailed, .preconditionFailed, .rateLimited])

    package static let accountMe = Endpoint(
        .get, "/api/accounts/me", "accountMe", of: .identity, for: .authenticated,
        gives: Item<AccountMeView>.self, says: "Profile retrieved successfully.",
        summary: "The caller's account, and what belongs to it by its role: record, entry, hospital", tag: "Accounts",
        beforePasswordChange: true)

    package static let changePassword = Endpoint(
        .post, "/api/accounts/change-password", "changePassword", of: .identity, for: .authenticated,
        takes: Attempt<ChangePassword>.self, gives: Done.self, says: "Password changed successfully.",
        summary: "Choose a new password; all other sessions end", tag: "Accounts",
        refuses: [.validationFailed, .rateLimited, .serviceUnavailable], beforePasswordChange: true)
}
