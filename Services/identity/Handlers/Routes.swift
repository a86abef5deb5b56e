import API
import Chassis
package import Web

extension Composition {
    /// Every endpoint identity owns, joined to what answers it.
    package var routes: Routes {
        var routes = Routes()
        let (registration, login, tokens, sessions) = (registration, login, tokens, sessionsOfCaller)
        let (passwords, profile, users, trail) = (passwordChange, profile, users, trail)
        routes.serve(AccountsAPI.register, registration.register)
        routes.serve(AccountsAPI.logIn, login.logIn)
        routes.serve(AccountsAPI.refresh, tokens.refresh)
        routes.serve(AccountsAPI.logOut, sessions.logOut)
        routes.serve(AccountsAPI.logOutAll, sessions.logOutAll)
        routes.serve(AccountsAPI.sessions, sessions.list)
        routes.serve(AccountsAPI.endSession, sessions.endOne)
        routes.serve(AccountsAPI.me, profile.show)
        routes.serve(AccountsAPI.updateMe, profile.update)
        routes.serve(AccountsAPI.accountMe, profile.showWithRole)
        routes.serve(DashboardAPI.stats, dashboard.show)
        routes.serve(AccountsAPI.changePassword, passwords.change)
        routes.serve(TokensAPI.obtain, login.obtainToken)
        routes.serve(TokensAPI.refresh, tokens.refreshBare)
        routes.serve(TokensAPI.keySet, tokens.keySet)
        routes.serve(TokensAPI.discovery, tokens.discovery)
        routes.serve(TokensAPI.revocations, tokens.revocations)
        routes.serve(UsersAPI.list, users.list)
        routes.serve(UsersAPI.update, users.update)
        routes.serve(UsersAPI.audit, trail.list)
        routes.serve(AccountsAPI.contact, contacts.show)
        routes.serve(AccountsAPI.standing, contacts.standing)
        let change = emailChange
        routes.serve(EmailChangeAPI.confirm, change.confirm)
        routes.serve(EmailChangeAPI.mintToken, change.mintToken)
        routes.serve(EmailChangeAPI.formerEmail, change.showFormer)
        let (enrolment, verification) = (enrolment, verification)
        routes.serve(EnrolmentAPI.taken, enrolment.taken)
        routes.serve(EnrolmentAPI.open, enrolment.open)
        routes.serve(EventsAPI.take(by: .identity), handedEvents.take)
        routes.serve(EnrolmentAPI.confirm, enrolment.confirm)
        routes.serve(EnrolmentAPI.verificationToken, verification.mintToken)
        routes.serve(VerificationAPI.verifyProvider, verification.verifyProvider)
        routes.serve(VerificationAPI.resendToProvider, verification.resendToProvider)
        routes.serve(VerificationAPI.logInProvider, login.logInProvider)
        let (passwordReset, setUp) = (passwordReset, setUp)
        routes.serve(PasswordResetAPI.forgot, passwordReset.forgot)
        routes.serve(PasswordResetAPI.reset, passwordReset.reset)
        routes.serve(PasswordResetAPI.mintToken, passwordReset.mintToken)
        routes.serve(SetUpAPI.setUp, setUp.setUp)
        let factor = secondFactor
        routes.serve(SecondFactorAPI.state, factor.show)
        routes.serve(SecondFactorAPI.enrol, factor.enrol)
        routes.serve(SecondFactorAPI.confirm, factor.confirm)
        routes.serve(SecondFactorAPI.disable, factor.disable)
        routes.serve(SecondFactorAPI.renewCodes, factor.renewCodes)
        routes.serve(SecondFactorAPI.prove, factor.prove)
        routes.serve(VerificationAPI.verifyPatient, verification.verifyPatient)
        routes.serve(VerificationAPI.resendToPatient, verification.resendToPatient)
        routes.serve(VerificationAPI.logInPatient, login.logInPatient)
        let phones = phoneVerification
        routes.serve(PhoneVerificationAPI.mintCode, phones.mintCode)
        routes.serve(PhoneVerificationAPI.request, phones.request)
        routes.serve(PhoneVerificationAPI.verify, phones.verify)
        return routes
    }
}
