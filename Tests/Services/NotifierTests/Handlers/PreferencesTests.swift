import API
import Chassis
import Forms
import JSON
import Kernel
import Notifier
import NotifierDomain
import Postgres
import TestSupport
import Testing
import Web

struct PreferencesHandlerTests {
    private static let owner = Caller(account: .init(high: 1, low: 1), role: .patient, session: .init(high: 3, low: 4))
    private static let other = Caller(account: .init(high: 1, low: 2), role: .patient, session: .init(high: 3, low: 5))

    private func show(_ world: World, by caller: Caller = owner) async throws -> Item<PreferencesView> {
        try await world.preferences.show(
            NoInput(), .test(NotificationsAPI.preferences.declaration, by: caller))
    }

    @discardableResult
    private func put(
        _ world: World, _ body: JSONValue, condition: Condition
    ) async throws -> Item<PreferencesView> {
        try await world.preferences.replace(
            try PreferencesBody(Source(body: body)),
            .test(NotificationsAPI.replacePreferences.declaration, by: Self.owner, condition: condition))
    }

    @discardableResult
    private func patch(_ world: World, _ changes: JSONValue) async throws -> Item<PreferencesView> {
        try await world.preferences.change(
            Patch<PreferencesBody>(changes: changes),
            .test(NotificationsAPI.changePreferences.declaration, by: Self.owner))
    }

    @discardableResult
    private func put(_ world: World, _ body: JSONValue) async throws -> Item<PreferencesView> {
        try await put(world, body, condition: .none)
    }

    private func fields(of body: JSONValue) -> [String] {
        do throws(Problem) {
            _ = try PreferencesBody(Source(body: body)).preferences(isZoneKnown: true)
            return []
        } catch {
            return [error.code.rawValue] + error.errors.map(\.field).sorted()
        }
    }

    @Test func `what is shown can be written back, and changes nothing`() async throws {
        try await withWorld { world in
            let usual = try await show(world)
            #expect(usual.version == 0 && usual.view.preferences == .default)
            #expect(try await put(world, usual.view.json).version == 0)
            let chosen = try await put(world, try #require(PreferencesBody.example))
            #expect(chosen.version == 1)
            let shown = try await show(world)
            #expect(shown.view.json == chosen.view.json && shown.version == 1)
            #expect(shown.view.preferences.ways(of: .reminder) == [.inApp, .sms, .email])
            #expect(try await put(world, shown.view.json).version == 1)
            #expect(try await show(world, by: Self.other).view.preferences == .default)
        }
    }

    @Test func `what is absent from a whole is as usual again, and of a patch stays`() async throws {
        try await withWorld { world in
            try await put(world, try #require(PreferencesBody.example))
            let patched = try await patch(world, ["channels": ["access": []], "timezone": "Asia/Calcutta"])
            #expect(patched.view.preferences.ways(of: .access).isEmpty)
            #expect(patched.view.preferences.ways(of: .reminder) == [.inApp, .sms, .email])
            #expect(patched.view.preferences.timezone == "Asia/Calcutta")
            #expect(patched.view.preferences.quietHours == QuietHours(from: 1320, to: 420))
            let cleared = try await patch(world, ["channels": ["reminder": nil], "quiet_hours": nil])
            #expect(cleared.view.preferences.ways(of: .reminder) == [.inApp, .email])
            #expect(cleared.view.preferences.quietHours == nil)
            #expect(try await put(world, ["channels": [:]]).view.preferences == .default)
        }
    }

    @Test func `who saw an older version changes nothing`() async throws {
        try await withWorld { world in
            try await put(world, ["timezone": "Asia/Karachi"], condition: .versions([0]))
            await #expect(throws: Problem.preconditionFailed) {
                try await put(world, ["timezone": "UTC"], condition: .versions([0]))
            }
            #expect(try await show(world).view.preferences.timezone == "Asia/Karachi")
        }
    }

    @Test func `what is no way, kind, time or zone is refused by its path`() async throws {
        #expect(
            fields(of: [
                "channels": ["appointment": ["pigeon"], "reminder": ["sms", "sms"], "apointment": ["email"]],
                "quiet_hours": ["from": "24:00"],
            ]) == [
                "validation_failed", "channels.apointment", "channels.appointment", "channels.reminder",
                "quiet_hours.from",
            ])
        #expect(
            fields(of: ["quiet_hours": ["from": "07:00", "to": "07:00"]]) == ["validation_failed", "quiet_hours.to"])
        try await withWorld { world in
            await #expect(throws: Problem.field("timezone", "Must be a time zone's IANA name, as Europe/Berlin.")) {
                try await put(world, ["timezone": "Mars/Olympus"])
            }
        }
    }

    @Test func `all that is wrong is told at once, of a whole and of a patch`() async throws {
        let wrong: JSONValue = [
            "timezone": "Mars/Olympus", "quiet_hours": ["from": "24:00", "to": "07:00"],
            "channels": ["appointment": ["pigeon"], "security": []],
        ]
        let all = [
            "validation_failed", "channels.appointment", "channels.security", "quiet_hours.from", "timezone",
        ]
        try await withWorld { world in
            for write in [put(_:_:), patch(_:_:)] as [(World, JSONValue) async throws -> Item<PreferencesView>] {
                do {
                    _ = try await write(world, wrong)
                    Issue.record("it was taken")
                } catch let problem as Problem {
                    #expect([problem.code.rawValue] + problem.errors.map(\.field).sorted() == all)
                }
            }
            #expect(try await show(world).version == 0)
        }
    }

    @Test func `security and emergency access are told in any case`() {
        #expect(fields(of: ["channels": ["security": ["in_app"]]]) == ["locked", "channels.security"])
        #expect(fields(of: ["channels": ["break_glass": []]]) == ["locked", "channels.break_glass"])
        #expect(fields(of: ["channels": ["security": ["email", "in_app"], "break_glass": nil]]).isEmpty)
    }

    @Test func `preferences are their owner's alone, whatever a statement forgets`() async throws {
        try await withWorld { world in
            try await put(world, ["timezone": "Asia/Karachi"])
            let seen = try await world.database.read(Column<Int>("count(*)"), as: Scope(Self.other)) {
                "select \($0) from preference"
            }.one
            #expect(seen == 0)
        }
    }

    @Test func `the link of a mail ends that kind of mail for that account, for a year`() async throws {
        try await withWorld { world in
            let sent = world.clock.now
            let url = try #require(try World.links.url(of: .reminder, to: Self.owner.account, at: sent))
            let token = try #require(url.split(separator: "=").last.map(String.init))
            #expect(url.hasPrefix("https://praxis.example/unsubscribe?token="))
            let call = Call.test(NotificationsAPI.unsubscribe.declaration)
            for _ in 0..<2 {
                _ = try await world.preferences.unsubscribe(
                    try UnsubscribeQuery(Source(query: [("token", token)])), call)
            }
            let after = try await show(world)
            #expect(after.view.preferences == NotificationPreferences(ways: [.reminder: [.inApp]]))
            #expect(after.version == 1)
            #expect(try World.links.read(token, at: sent + .seconds(365 * 86_400)) != nil)
            #expect(try World.links.read(token, at: sent + .seconds(367 * 86_400)) == nil)
            for wrong in ["", "x", String(token.dropLast()), String(token.reversed()), token + "A"] {
                #expect(try World.links.read(wrong, at: sent) == nil)
            }
            #expect(try World.links.url(of: .security, to: Self.owner.account, at: sent) == nil)
        }
    }
}
