import Kernel
import Lifecycle
import Postgres
import TestSupport
import Testing

struct SQLTests {
    @Test func `values are numbered and never become text`() {
        let name = "'; drop table patient; --"
        let sql: SQL = "select 1 from patient where name = \(name) and born > \(CalendarDate("1980-01-01"))"
        #expect(sql.text == "select 1 from patient where name = $1 and born > $2")
    }

    @Test func `fragments are spliced and their values counted on`() {
        let conditions: [SQL] = ["a = \(1)", "b is null", "c = any(\(["x"]))"]
        let sql: SQL = "select \(0) where \(sql: .joined(conditions, by: " and ")) limit \(10)"
        #expect(sql.text == "select $1 where a = $2 and b is null and c = any($3) limit $4")
        #expect(("select 1" + " where n = \(2)" as SQL).text == "select 1 where n = $1")
        #expect(SQL.joined([]).isEmpty)
    }

    @Test func `an error says what is needed and nothing of people`() {
        let error = DatabaseError(
            sqlState: "23505", constraint: "account_email_key", table: "account", routine: "_bt_check_unique",
            message: "Key (email)=(ada@example.org) already exists")
        #expect(!"\(error) \(String(reflecting: error))".contains("ada"))
        #expect("\(error)".contains("account_email_key"))
    }

    @Test func `names that would need quotes are no names`() {
        #expect(DatabaseSettings.isName("praxis_registry2"))
        for wrong in ["", "2a", "A", "a-b", "a b", "a\"", String(repeating: "a", count: 64)] {
            #expect(!DatabaseSettings.isName(wrong))
        }
    }
}
