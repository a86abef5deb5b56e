import Postgres
import RecordsDomain

extension GrantWay: SQLValue {}
extension AccessBasis: SQLValue {}
extension RecordAction: SQLValue {}
