// NotifierDomain
