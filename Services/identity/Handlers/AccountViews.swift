import API
import IdentityDomain
import Kernel

extension UserView {
    init(_ account: UserAccount) {
        self.init(
            id: account.id, username: account.username, name: account.name, email: account.email.text,
            role: account.role, createdAt: account.createdAt)
    }
}

extension ProfileView {
    init(_ account: UserAccount) {
        self.init(
            user: UserView(account), isActive: account.isActive, tenant: account.tenant, updatedAt: account.updatedAt,
            lastLogin: account.lastLogin)
    }
}

extension OwnProfileView {
    init(_ account: UserAccount, pending: Email?) {
        self.init(profile: ProfileView(account), pendingEmail: pending?.text)
    }
}
