// RecordsDomain
