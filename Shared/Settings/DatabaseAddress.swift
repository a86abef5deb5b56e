package import Kernel

/// Where a PostgreSQL database is and as whom to enter it.
package struct DatabaseAddress: Sendable, Equatable {
    /// A host name, an address, or the directory of a unix socket (begins with `/`).
    package let host: String
    package let port: Int
    package let database: String
    package let user: String
    package let password: Secret?
    /// libpq's further options, as `sslmode`.
    package let options: [String: String]

    package init(
        host: String, port: Int = 5432, database: String, user: String, password: Secret? = nil,
        options: [String: String] = [:]
    ) {
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.password = password
        self.options = options
    }

    /// `postgresql://user:word@host:5432/name?sslmode=require`; `postgres`, and SQLAlchemy's `postgresql+driver`, say
    /// the same. A socket is `?host=/run/postgresql`, as libpq writes it.
    package init?(url text: String) {
        guard let url = SettingURL(text) else { return nil }
        let scheme = url.scheme.prefix { $0 != "+" }
        let name = SettingURL.decoded(url.path.dropFirst())
        guard scheme == "postgres" || scheme == "postgresql", let name, !name.isEmpty, !name.contains("/") else {
            return nil
        }
        var options = url.query
        let host = options.removeValue(forKey: "host") ?? (url.host.isEmpty ? "/var/run/postgresql" : url.host)
        let port = options.removeValue(forKey: "port").map { UInt16($0) } ?? UInt16(clamping: url.port ?? 5432)
        guard let port else { return nil }
        let user = options.removeValue(forKey: "user") ?? url.user ?? "postgres"
        let password = options.removeValue(forKey: "password").map { Secret($0) } ?? url.password
        self.init(host: host, port: Int(port), database: name, user: user, password: password, options: options)
    }

    /// libpq's keyword/value form; it holds the password.
    package var connectionString: Secret {
        var pairs = [("host", host), ("port", String(port)), ("dbname", database), ("user", user)]
        if let password { pairs.append(("password", password.expose())) }
        pairs += options.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return Secret(pairs.map { "\($0.0)='\(Self.escaped($0.1))'" }.joined(separator: " "))
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            if character == "'" || character == "\\" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(character)
        }
        return result
    }
}

/// Reads a service's database, in this order: `<SERVICE>_DATABASE_URL`, `DATABASE_URL`, then the parts `DB_*` before
/// `POSTGRES_*`.
package struct DatabaseSource: Readable {
    private let whole: Setting<DatabaseAddress?>
    private let host: Setting<String>
    private let port: Setting<Int>
    private let name: Setting<String>
    private let user: Setting<String>
    private let password: Setting<Secret?>

    /// - Parameters:
    ///   - service: as in `identity`; its own variable is `IDENTITY_DATABASE_URL`.
    ///   - fallback: what an unset part is taken from.
    package init(
        service: String, fallback: DatabaseAddress = .init(host: "127.0.0.1", database: "praxis", user: "praxis")
    ) {
        whole =
            Setting<DatabaseAddress>(
                service.uppercased() + "_DATABASE_URL", aliases: ["DATABASE_URL"], default: nil, shown: "",
                help:
                    "The database as one URL, postgresql://user:password@host:5432/name; it wins over the parts below.",
                isSecret: true
            ) { text throws(SettingRefusal) in
                guard let address = DatabaseAddress(url: text) else { throw "must be a URL with postgresql://" }
                return address
            }.optional
        host = .text("DB_HOST", aliases: ["POSTGRES_HOST"], default: fallback.host, help: "Host or socket directory.")
        port = .port("DB_PORT", aliases: ["POSTGRES_PORT"], default: fallback.port, help: "Port of the database.")
        name = .text("DB_NAME", aliases: ["POSTGRES_DB"], default: fallback.database, help: "Name of the database.")
        user = .text("DB_USER", aliases: ["POSTGRES_USER"], default: fallback.user, help: "User at the database.")
        password =
            Setting<Secret>.secret(
                "DB_PASSWORD", aliases: ["POSTGRES_PASSWORD"], help: "Password at the database."
            ).optional
    }

    package var declarations: [SettingDeclaration] {
        whole.declarations + host.declarations + port.declarations + name.declarations + user.declarations
            + password.declarations
    }

    package func read(from reader: inout SettingsReader) -> DatabaseAddress? {
        guard let whole = whole.read(from: &reader) else { return nil }
        if let whole {
            reader.ignored(declarations.dropFirst().map { $0 }, because: "the database is given as a URL")
            return whole
        }
        guard let host = host.read(from: &reader), let port = port.read(from: &reader),
            let name = name.read(from: &reader), let user = user.read(from: &reader),
            let password = password.read(from: &reader)
        else { return nil }
        return DatabaseAddress(host: host, port: port, database: name, user: user, password: password)
    }
}

extension Setting where Value == Secret {
    /// `REDIS_URL`, or Celery's `CELERY_BROKER_URL`: `redis://` or `rediss://`, or `unix://` with a path. It may hold a
    /// password.
    package static func redisURL(default defaultValue: String = "redis://127.0.0.1:6379/0") -> Self {
        Setting(
            "REDIS_URL", aliases: ["CELERY_BROKER_URL"], default: Secret(defaultValue), shown: defaultValue,
            help: "The Redis, redis://[user:password@]host:6379/0 (rediss:// for TLS, unix:///path).", isSecret: true
        ) { text throws(SettingRefusal) in
            guard let url = SettingURL(text), ["redis", "rediss", "unix"].contains(url.scheme) else {
                throw "must be a URL with redis://, rediss:// or unix://"
            }
            return Secret(text)
        }
    }
}
