import Crypto
import Kernel
import Postgres

/// What a row of the audit trail says.
struct AuditLine: Sendable, Equatable {
    var at: Instant
    var action: String
    var actor: ID<Account>?
    var role: String?
    var subject: String?
    var requestID: String?
    /// Sealed.
    var address: [UInt8]?

    /// Everything but its number, which the database gives it: what its writer marks.
    func form(of service: String) -> [UInt8] {
        var form = AuditForm("praxis audit entry 1")
        form.add(service)
        form.add(at.microseconds)
        form.add(action)
        form.add(actor.map { AuditForm.bytes(of: $0.high) + AuditForm.bytes(of: $0.low) })
        form.add(role)
        form.add(subject)
        form.add(requestID)
        form.add(address)
        return form.bytes
    }
}

/// A row as it is kept: numbered, and marked by the process that wrote it.
struct StoredEntry: Sendable {
    let id: Int64
    let entry: AuditLine
    let mark: [UInt8]?

    /// The columns of `audit_entry`.
    static let row = Projection(
        Column<Int64>("entry_id"), Column<Instant>("at"), Column<String>("action"), Column<ID<Account>?>("actor_id"),
        Column<String?>("actor_role"), Column<String?>("subject"), Column<String?>("request_id"),
        Column<[UInt8]?>("address"), Column<[UInt8]?>("mark")
    ) { id, at, action, actor, role, subject, requestID, address, mark in
        let line = AuditLine(
            at: at, action: action, actor: actor, role: role, subject: subject, requestID: requestID, address: address)
        return StoredEntry(id: id, entry: line, mark: mark)
    }

    /// The number alone, and the whole where it can be read: who changes a row may leave what is none.
    static let numbered = Column<Int64>("entry_id") + row.ifReadable

    /// An earlier row, or one no longer waiting, whose mark this one bears too: a mark is made once, so this is a copy.
    /// Found by the index on time, which the mark covers.
    static let repeated: SQL =
        """
        (select min(twin.entry_id) from audit_entry as twin
            where twin.at = audit_entry.at and twin.mark = audit_entry.mark and twin.entry_id <> audit_entry.entry_id
                and (twin.entry_id < audit_entry.entry_id
                    or not exists (select from audit_unsealed as u where u.entry_id = twin.entry_id)))
        """

    init(id: Int64, entry: AuditLine, mark: [UInt8]?) {
        self.id = id
        self.entry = entry
        self.mark = mark
    }

    /// Its leaf in the tree of its batch: every column, under `number`, its own unless another is asked about.
    func leaf(of service: String, numbered number: Int64? = nil) -> [UInt8] {
        var form = AuditForm("praxis audit leaf 1")
        form.add(number ?? id)
        form.add(entry.form(of: service))
        form.add(mark)
        return MerkleTree.leaf(form.bytes)
    }
}
