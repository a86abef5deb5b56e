// swift-tools-version: 6.2
// The map of the project: one line per target, and every word after a target's name is an arrow that was added on
// purpose.
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    // What one module knows of another is used to make it faster (docs/performance.md). Swift stops at what is
    // `package`; the linker does not: deploy/build has it see all modules of some programs at once. It is given each
    // function by itself, so that it can put those first that a service runs.
    .unsafeFlags(
        ["-cross-module-optimization", "-Xfrontend", "-function-sections"], .when(configuration: .release)),
]

/// A program carries Swift's own library: it runs where Swift is not installed, and calls it without a detour.
/// With that library come a table of the program's own symbols, which nothing looks up, and a megabyte of places that
/// the start moves: the first is left out, the second packed (glibc 2.36), since each process read both (ADR 0069).
/// A tenth of a program's functions are ever run; those of deploy/function-order come first, beside each other, and the
/// rest stays on the disk (ADR 0071).
let whole: [LinkerSetting] = [
    .unsafeFlags(
        ["-static-stdlib", "-use-ld=lld"]
            + [
                "--no-export-dynamic", "-z", "pack-relative-relocs", "--no-warn-symbol-ordering",
                "--symbol-ordering-file=\(Context.packageDirectory)/deploy/function-order",
            ].flatMap { ["-Xlinker", $0] }, .when(configuration: .release))
]

/// A C library of the system, reached through a module map; `package` names its pkg-config file where it has one.
func c(_ name: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(name: name, path: "Shared/C/\(name)", pkgConfig: pkgConfig)
}

func shared(_ name: String, _ uses: Target.Dependency...) -> Target {
    .target(name: name, dependencies: uses, path: "Shared/\(name)", swiftSettings: strict)
}

/// A service is two targets: its domain, which sees the Kernel alone, and the executable around it.
func service(
    _ folder: String, _ name: String, migrations: Bool = true, embedding texts: String? = nil,
    _ uses: Target.Dependency...
) -> [Target] {
    [
        .target(
            name: "\(name)Domain", dependencies: ["Kernel"], path: "Services/\(folder)/Domain", swiftSettings: strict),
        .executableTarget(
            name: name, dependencies: ["API", "Chassis", "Kernel", .target(name: "\(name)Domain")] + uses,
            path: "Services/\(folder)", exclude: ["Domain", "README.md"],
            resources: (migrations ? [.embedInCode("Migrations")] : [])
                + (texts.map { [.embedInCode($0)] } ?? []),
            swiftSettings: strict, linkerSettings: whole),
    ]
}

func tests(_ path: String, _ uses: Target.Dependency...) -> Target {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return .testTarget(
        name: name, dependencies: uses, path: "Tests/\(path)", swiftSettings: strict)
}

let package = Package(
    name: "praxis",
    products: [
        .executable(name: "gateway", targets: ["Gateway"]),
        .executable(name: "identity", targets: ["Identity"]),
        .executable(name: "registry", targets: ["Registry"]),
        .executable(name: "scheduling", targets: ["Scheduling"]),
        .executable(name: "records", targets: ["Records"]),
        .executable(name: "notifier", targets: ["Notifier"]),
        .executable(name: "praxis", targets: ["Praxis"]),
    ],
    targets: [
        c("CLinux"), c("CPostgres", pkgConfig: "libpq"), c("COpenSSL", pkgConfig: "openssl"),
        c("CHiredis", pkgConfig: "hiredis"), c("CCurl", pkgConfig: "libcurl"), c("CZxcvbn"),
        c("COath", pkgConfig: "liboath"), c("CQrencode", pkgConfig: "libqrencode"), c("CIDN2", pkgConfig: "libidn2"),
        c("CLibical"), c("CPango", pkgConfig: "pangocairo"),

        shared("JSON"),
        shared("IDNA", "CIDN2"),
        shared("Kernel", "IDNA"),
        shared("Forms", "JSON", "Kernel"),
        shared("Settings", "Kernel"),
        shared("Observability", "Kernel"),
        shared("Lifecycle", "CLinux"),
        shared("Crypto", "CLinux", "COpenSSL", "CZxcvbn", "JSON", "Kernel"),
        shared("Net", "CLinux", "COpenSSL", "Lifecycle"),
        shared("Files", "Net"),
        shared("Jobs", "Lifecycle", "Net", "Observability"),
        shared("Pooling", "Lifecycle"),
        shared("HTTP", "Kernel", "Lifecycle", "Net", "Pooling"),
        shared("Postgres", "CPostgres", "Jobs", "Kernel", "Lifecycle", "Net", "Observability", "Pooling"),
        shared("Redis", "CHiredis", "Jobs", "Kernel", "Lifecycle", "Net", "Observability", "Pooling"),
        shared("Sealing", "Crypto", "Kernel", "Lifecycle", "Postgres"),
        shared("Outbound", "CCurl", "Kernel", "Lifecycle"),
        shared("API", "Forms", "JSON", "Kernel"),
        shared("Events", "Forms", "JSON", "Kernel"),
        shared("Web", "API", "Crypto", "Forms", "HTTP", "JSON", "Kernel", "Lifecycle", "Net", "Observability"),
        shared(
            "Messaging", "Events", "JSON", "Jobs", "Kernel", "Lifecycle", "Net", "Observability", "Postgres",
            "Redis"),
        shared(
            "Audit", "API", "Crypto", "Files", "JSON", "Jobs", "Kernel", "Lifecycle", "Observability", "Postgres",
            "Settings"),
        shared(
            "Chassis", "API", "Audit", "Crypto", "Events", "Files", "HTTP", "JSON", "Jobs", "Kernel", "Lifecycle",
            "Messaging", "Net", "Observability", "Postgres", "Redis", "Sealing", "Settings", "Web"),

        .executableTarget(
            name: "Praxis",
            dependencies: [
                "API", "Crypto", "Files", "HTTP", "JSON", "Kernel", "Lifecycle", "Net", "Observability", "Postgres",
                "Redis", "Settings", "Web",
            ],
            path: "deploy/praxis", swiftSettings: strict, linkerSettings: whole),

        .target(
            name: "TestSupport",
            dependencies: [
                "API", "Kernel", "Lifecycle", "Net", "Pooling", "Postgres", "Redis",
                "Web",
            ],
            path: "Tests/Support", swiftSettings: strict),
        .executableTarget(
            name: "BareServer", dependencies: ["HTTP", "Lifecycle", "Net"], path: "Tests/Benchmarks/BareServer",
            swiftSettings: strict, linkerSettings: whole),
        tests("Shared/IDNATests", "IDNA"),
        tests("Shared/KernelTests", "Kernel"),
        tests("Shared/JSONTests", "JSON"),
        tests("Shared/FormsTests", "Forms", "JSON", "Kernel"),
        tests("Shared/SettingsTests", "Settings", "Kernel"),
        tests("Shared/ObservabilityTests", "Observability", "Kernel"),
        tests("Shared/LifecycleTests", "Lifecycle"),
        tests("Shared/CryptoTests", "Crypto", "JSON", "Kernel", "Lifecycle"),
        tests("Shared/NetTests", "Net", "Lifecycle"),
        tests("Shared/PoolingTests", "Pooling", "Lifecycle"),
        tests("Shared/FilesTests", "Files", "Net"),
        tests("Shared/JobsTests", "Jobs", "Lifecycle", "Observability"),
        tests("Shared/HTTPTests", "HTTP", "Lifecycle", "Net"),
        tests(
            "Shared/PostgresTests", "TestSupport", "Jobs", "Kernel", "Lifecycle", "Net", "Observability", "Postgres"),
        tests("Shared/RedisTests", "TestSupport", "Redis", "Kernel", "Lifecycle", "Net"),
        tests("Shared/SealingTests", "TestSupport", "Crypto", "Kernel", "Postgres", "Sealing"),
        tests("Shared/EventsTests", "Events", "Forms", "JSON", "Kernel"),
        tests(
            "Shared/WebTests", "API", "Crypto", "Forms", "HTTP", "JSON", "Kernel", "Lifecycle", "Net", "Observability",
            "Web"),
        tests(
            "Shared/AuditTests", "TestSupport", "API", "Audit", "Crypto", "Files", "Forms", "JSON", "Kernel",
            "Lifecycle", "Net",
            "Observability", "Postgres"),
        tests(
            "Shared/ChassisTests", "TestSupport", "API", "Audit", "Chassis", "Crypto", "Events", "Forms", "HTTP",
            "JSON",
            "Kernel", "Lifecycle", "Messaging",
            "Net", "Observability", "Postgres", "Sealing", "Settings", "Web"),
        tests(
            "Shared/MessagingTests", "TestSupport", "Events", "Jobs", "Kernel", "Lifecycle", "Messaging", "Net",
            "Observability", "Postgres", "Redis"),
        tests("Services/GatewayDomainTests", "GatewayDomain", "Kernel"),
        tests(
            "Services/GatewayTests", "TestSupport", "Gateway", "GatewayDomain", "API", "Chassis", "Crypto", "HTTP",
            "JSON",
            "Kernel", "Lifecycle", "Net", "Observability", "Redis", "Settings", "Web"),
        tests("Services/IdentityDomainTests", "IdentityDomain", "Kernel"),
        tests(
            "Services/IdentityTests", "TestSupport", "Identity", "IdentityDomain", "API", "Audit", "Chassis", "Crypto",
            "Forms", "HTTP", "JSON", "Kernel", "Lifecycle", "Messaging", "Net", "Observability", "Postgres", "Sealing",
            "Settings",
            "Web"),
        tests("Services/RegistryDomainTests", "RegistryDomain", "Kernel"),
        tests(
            "Services/RegistryTests", "TestSupport", "Registry", "RegistryDomain", "API", "Audit", "Chassis", "Crypto",
            "Events", "JSON", "Kernel", "Lifecycle", "Messaging", "Net", "Observability", "Postgres", "Sealing", "Web"),
        tests("Services/SchedulingDomainTests", "SchedulingDomain", "Kernel"),
        tests(
            "Services/SchedulingTests", "TestSupport", "Scheduling", "API", "Audit", "Chassis",
            "Crypto", "Events", "Forms", "JSON", "Kernel", "Lifecycle", "Messaging", "Net", "Postgres", "Sealing", "Web"
        ),
        tests("Services/RecordsDomainTests", "RecordsDomain", "Kernel"),
        tests(
            "Services/RecordsTests", "TestSupport", "Records", "RecordsDomain", "API", "Audit", "Chassis", "Crypto",
            "Events", "Files", "Forms", "HTTP",
            "JSON", "Kernel", "Lifecycle", "Messaging", "Net", "Outbound", "Postgres", "Redis", "Sealing", "Settings",
            "Web"),
        tests("Services/NotifierDomainTests", "NotifierDomain", "IDNA", "Kernel"),
        tests(
            "Services/NotifierTests", "TestSupport", "Notifier", "NotifierDomain", "API", "Audit", "Chassis", "Crypto",
            "Events", "Forms", "IDNA", "JSON", "Kernel", "Lifecycle", "Messaging", "Net", "Observability", "Outbound",
            "Postgres", "Settings", "Web"),
        tests("PraxisTests", "Praxis", "API", "Crypto", "Forms", "JSON", "Kernel", "Lifecycle", "Settings", "Web"),
        tests(
            "Contract", "TestSupport", "API", "Audit", "Chassis", "Crypto", "Events", "Forms", "JSON", "Kernel",
            "Lifecycle",
            "Messaging", "Net", "Observability", "Postgres", "Sealing", "Settings", "Web", "Gateway", "Identity",
            "Registry",
            "Records", "Scheduling", "Notifier", "NotifierDomain"),
    ]
        + service(
            "gateway", "Gateway", migrations: false, embedding: "Pages/Templates",
            "Crypto", "Events", "HTTP", "JSON", "Jobs", "Lifecycle", "Messaging", "Net", "Observability",
            "Redis", "Settings", "Web")
        + service(
            "identity", "Identity", "Audit", "COath", "CQrencode", "Crypto", "Events", "Forms", "JSON", "Jobs",
            "Lifecycle", "Messaging", "Net", "Observability", "Postgres", "Sealing", "Settings", "Web")
        + service(
            "registry", "Registry", "Audit", "Crypto", "Events", "JSON", "Jobs", "Lifecycle", "Observability",
            "Postgres", "Sealing", "Web")
        + service(
            "scheduling", "Scheduling", "Audit", "CLibical", "Crypto", "Events", "JSON", "Jobs", "Lifecycle",
            "Messaging", "Net", "Observability", "Postgres", "Redis", "Sealing", "Settings", "Web")
        + service(
            "records", "Records", embedding: "Medicines", "CPango", "Crypto", "Events", "Files", "JSON", "Jobs",
            "Lifecycle", "Net", "Observability", "Outbound", "Postgres", "Redis", "Sealing", "Settings", "Web")
        + service(
            "notifier", "Notifier", embedding: "Templates",
            "Audit", "CCurl", "Crypto", "Events", "Files", "IDNA", "JSON", "Jobs", "Lifecycle", "Messaging", "Net",
            "Observability", "Outbound", "Postgres", "Redis", "Sealing", "Settings", "Web")
)
