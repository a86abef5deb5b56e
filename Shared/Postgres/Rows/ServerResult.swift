internal import CPostgres

/// Owns a `PGresult`. A result never changes once libpq has handed it out, so it may be read from any thread.
@safe final class ServerResult: @unchecked Sendable {
    private let pointer: OpaquePointer
    let rowCount: Int
    let columnCount: Int
    /// Of the columns, in their order.
    private let types: [SQLType]

    /// Takes the result over.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
        rowCount = Int(unsafe PQntuples(pointer))
        let count = unsafe PQnfields(pointer)
        columnCount = Int(count)
        types = (0..<count).map { unsafe SQLType(oid: PQftype(pointer, $0)) }
    }

    deinit { unsafe PQclear(pointer) }

    var status: ExecStatusType { unsafe PQresultStatus(pointer) }

    /// `INSERT 0 1`, `COMMIT`, `ROLLBACK`.
    var command: String { unsafe text(PQcmdStatus(pointer)) ?? "" }

    var affected: Int { Int(unsafe text(PQcmdTuples(pointer)) ?? "") ?? 0 }

    /// Reads the value where it lies, in its binary form; nil when it is null or there is none.
    func withValue<Value>(row: Int, column: Int, _ read: (Span<UInt8>, SQLType) -> Value) -> Value? {
        guard row >= 0, row < rowCount, types.indices.contains(column) else { return nil }
        let type = types[column]
        let (row, column) = (Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column))
        guard unsafe PQgetisnull(pointer, row, column) == 0, let start = unsafe PQgetvalue(pointer, row, column)
        else { return nil }
        let length = Int(unsafe PQgetlength(pointer, row, column))
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length).bindMemory(to: UInt8.self)
        return unsafe read(bytes.span, type)
    }

    func isNull(row: Int, column: Int) -> Bool {
        unsafe PQgetisnull(pointer, Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column)) != 0
    }

    /// One field of an error report, by its `PG_DIAG_` letter.
    func diagnosis(_ field: Unicode.Scalar) -> String? {
        unsafe text(PQresultErrorField(pointer, Int32(field.value)))
    }

    private func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }
}
