-- Accounts of hospitals and of the doctors they make: whether the hospital is approved, and whether it lets its doctor in. Both
-- are decided in registry, whose versions say which of two facts is the later.
alter table account
    add column hospital_standing text constraint account_hospital_standing_known
        check (hospital_standing in ('pending', 'approved', 'rejected', 'deleted')),
    add column hospital_version bigint not null default 0,
    add column is_admitted boolean not null default true,
    add column admission_version bigint not null default 0;

create index account_of_tenant on account (tenant_id) where tenant_id is not null;

-- A session may end because its account is not let in any more.
alter table session drop constraint session_end_reason_check;
alter table session add constraint session_end_reason_check check (end_reason in (
    'logout', 'logout_all', 'ended_by_owner', 'token_reused', 'password_changed', 'account_deactivated', 'not_admitted'));
