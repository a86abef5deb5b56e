import Kernel
import Settings
import Testing

@Suite struct DatabaseAddressTests {
    private func read(_ process: [String: String]) throws -> (DatabaseAddress, [String]) {
        var reader = SettingsReader(Environment(process: process))
        let address = try reader.read(DatabaseSource(service: "identity"))
        return (address, reader.notes)
    }

    @Test func `a URL is taken apart`() throws {
        let (address, _) = try read([
            "DATABASE_URL": "postgresql+asyncpg://u%40x:p%3Aw@[::1]:6543/na%20me?sslmode=require"
        ])
        #expect(address.host == "::1")
        #expect(address.port == 6543)
        #expect(address.database == "na me")
        #expect(address.user == "u@x")
        #expect(address.password?.expose() == "p:w")
        #expect(address.options == ["sslmode": "require"])
    }

    @Test func `the service's own URL wins over the common one, and both over the parts`() throws {
        let (address, notes) = try read([
            "IDENTITY_DATABASE_URL": "postgres://a@h/one", "DATABASE_URL": "postgres://a@h/two", "DB_NAME": "three",
        ])
        #expect(address.database == "one")
        #expect(
            notes == [
                "IDENTITY_DATABASE_URL is used; DATABASE_URL also set, and ignored",
                "DB_NAME set, and ignored: the database is given as a URL",
            ])
    }

    @Test func `parts stand for a URL, DB before POSTGRES`() throws {
        let (address, notes) = try read([
            "DB_NAME": "d", "POSTGRES_DB": "other", "POSTGRES_USER": "u", "POSTGRES_PASSWORD": "w", "DB_HOST": "h",
            "DB_PORT": "7",
        ])
        #expect(address == DatabaseAddress(host: "h", port: 7, database: "d", user: "u", password: Secret("w")))
        #expect(notes == ["DB_NAME is used; POSTGRES_DB also set, and ignored"])
    }

    @Test func `a socket directory is a host`() throws {
        let (address, _) = try read(["DATABASE_URL": "postgresql:///praxis?host=/run/pg&user=me"])
        #expect(address == DatabaseAddress(host: "/run/pg", database: "praxis", user: "me"))
    }

    @Test func `the connection string escapes and hides`() {
        let address = DatabaseAddress(host: "h", database: "d", user: "o'b", password: Secret(#"a\b'"#))
        #expect(address.connectionString.expose() == #"host='h' port='5432' dbname='d' user='o\'b' password='a\\b\''"#)
        #expect("\(address)".contains("a\\b") == false)
    }

    @Test(arguments: ["mysql://h/d", "postgres://h", "postgres://h/a/b", "postgres://h:x/d", "postgres://h/%zz"])
    func `what is no database is refused`(url: String) {
        #expect(throws: SettingsFaults.self) { try read(["DATABASE_URL": url]) }
    }

    @Test func `Celery's broker is the Redis where none is named`() throws {
        var reader = SettingsReader(Environment(process: ["CELERY_BROKER_URL": "redis://:w@r:6380/1"]))
        #expect(try reader.read(Setting<Secret>.redisURL()).expose() == "redis://:w@r:6380/1")
        #expect(reader.effective.map(\.value) == ["•••"])
    }
}
