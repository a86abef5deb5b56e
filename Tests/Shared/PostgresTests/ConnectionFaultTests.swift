import Kernel
import Postgres
import TestSupport
import Testing

struct ConnectionFaultTests {
    @Test func `what a server refused with is its SQLSTATE, and what nobody answered is the system's word`() {
        let refused = ConnectionFault(
            telling: "connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  28P01\n")
        #expect(refused == ConnectionFault(sqlState: "28P01", reason: "the password is wrong"))
        let down = ConnectionFault(
            telling:
                "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running?")
        #expect(down == ConnectionFault(sqlState: nil, reason: "Connection refused"))
        #expect(ConnectionFault(telling: "").reason == "no answer in time")
    }

    @Test func `a real server and a real absence say so`() async throws {
        try await withDatabase { _, home, _ in
            #expect(await ConnectionFault.met(entering: home.settings(schema: "public", role: nil)) == nil)
            let wrong = DatabaseSettings(
                url: Secret(home.url.expose() + "&user=nobody_of_that_name"), schema: "public")
            #expect(await ConnectionFault.met(entering: wrong)?.sqlState == "28000")
        }
        let nowhere = DatabaseSettings(url: Secret("postgresql:///x?host=/nonexistent&user=x"), schema: "public")
        let fault = await ConnectionFault.met(entering: nowhere)
        #expect(fault?.sqlState == nil && fault?.reason.contains("No such file") == true)
    }
}
