package import API
import Chassis
package import Kernel
import Postgres
package import RegistryDomain

/// Lists of hospitals.
extension HospitalStore {
    /// By name; all of them for administrators, the approved for everybody else.
    package func list(_ query: HospitalsQuery, for caller: Caller?) async throws -> Page<HospitalEntry> {
        let condition = Self.condition(query, seesAll: caller?.role == .admin)
        switch query.page.position {
        case .page:
            return try await database.page(
                Self.row, from: "hospital h where \(sql: condition)", by: "lower(h.name), h.hospital_id", query.page)
        case .after:
            let further = try Self.further(query.page)
            let entries = try await database.read(Self.row) {
                """
                select \($0) from hospital h where \(sql: condition)\(sql: further)
                order by lower(h.name), h.hospital_id limit \(query.page.size + 1)
                """
            }
            return Page(fetched: entries, size: query.page.size) { Cursor(id: $0.id, key: $0.details.name).text }
        }
    }

    private static func condition(_ query: HospitalsQuery, seesAll: Bool) -> SQL {
        var conditions: [SQL] = ["h.deleted_at is null"]
        if !seesAll { conditions.append("h.status = 'approved' and h.account_active") }
        if let status = query.status { conditions.append("h.status = \(status)") }
        if let city = query.city { conditions.append("h.search_city = \(SearchText.folded(city))") }
        for word in SearchText.words(of: query.search ?? "") {
            conditions.append("h.search_text like \(DoctorStore.pattern(word))")
        }
        return .joined(conditions, by: " and ")
    }

    private static func further(_ page: PageRequest) throws(Problem) -> SQL {
        guard let cursor = try page.cursor() else { return "" }
        let id = try cursor.id(of: Hospital.self)
        return " and (lower(h.name), h.hospital_id) > (lower(\(cursor.key)::text), \(id)::uuid)"
    }

    package func numbers() async throws -> [HospitalStatus: Int] {
        let row = Projection(Column<HospitalStatus>("status"), Column<Int>("count(*)"))
        let counted = try await database.read(row) {
            "select \($0) from hospital where deleted_at is null group by status"
        }
        return Dictionary(uniqueKeysWithValues: counted)
    }

    /// A hospital, and how many kilometres away it is along the earth's surface.
    package struct Nearby: Sendable {
        package let entry: HospitalEntry
        package let kilometres: Double
    }

    /// Approved hospitals around a place, the nearest first. The index finds those in a box around it (a chord is
    /// shorter than its arc, so nobody is missed); the arc decides.
    package func nearby(_ query: NearbyQuery) async throws -> [Nearby] {
        let distance = Column<Double>("n.kilometres")
        return try await database.read(Self.row + distance) {
            """
            select \($0) from hospital h, lateral (
                select 2 * 6371.0088 * asin(least(1, public.cube_distance(h.position,
                    earth_point(\(query.latitude), \(query.longitude))) / (2 * 6371008.8))) as kilometres
            ) n
            where h.status = 'approved' and h.deleted_at is null and h.account_active
                and h.position operator(public.<@) public.cube_enlarge(
                    earth_point(\(query.latitude), \(query.longitude)), \(query.radiusKilometres * 1000)::float8, 3)
                and n.kilometres <= \(query.radiusKilometres)::float8
            order by n.kilometres, h.hospital_id limit \(query.limit)
            """
        }.map { Nearby(entry: $0.0, kilometres: $0.1) }
    }
}
