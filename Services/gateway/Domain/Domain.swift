// GatewayDomain
