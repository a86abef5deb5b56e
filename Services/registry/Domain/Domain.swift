// RegistryDomain
