// IdentityDomain
