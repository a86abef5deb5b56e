/// The functions by which policies ask who is calling. In a policy they stand in a sub-select, `(select
/// praxis_tenant())`: evaluated once per statement, so that what is compared with a column is a constant and `=` on
/// uuid, which is leakproof, may use an index. A function of the language SQL declared leakproof would need a
/// superuser, and is not needed for this.
enum CallerSchema {
    static let sql = """
        -- In whose name a statement is made; null in nobody's.
        create function praxis_account() returns uuid language sql stable parallel safe
            return nullif(current_setting('praxis.account', true), '')::uuid;

        -- One of admin, hospital, doctor, patient, staff; empty in nobody's name.
        create function praxis_role() returns text language sql stable parallel safe
            return coalesce(current_setting('praxis.role', true), '');

        -- The tenant the caller acts in: a hospital, or the account itself where it belongs to none.
        create function praxis_tenant() returns uuid language sql stable parallel safe
            return coalesce(nullif(current_setting('praxis.tenant', true), '')::uuid, praxis_account());
        """
}
