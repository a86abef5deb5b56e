-- A new email counts once it is proven, and the old one hears of it.

-- The address an account is to have, until whoever reads its mail says so.
create table email_change (
    account_id uuid primary key references account on delete cascade,
    -- As accounts have it: a keyed digest of the address, and the address under the account's own key.
    email_index bytea not null,
    sealed_email bytea not null,
    expires_at timestamptz not null,
    -- SHA-256 of the newest token, which itself is kept nowhere.
    token_hash bytea constraint email_change_token_key unique check (octet_length(token_hash) = 32)
);

create index email_change_email on email_change (email_index);
create index email_change_expiry on email_change (expires_at);

-- The address an account had, for as long as a mail to it may be on its way.
create table former_email (
    account_id uuid primary key references account on delete cascade,
    sealed_email bytea not null,
    expires_at timestamptz not null
);

create index former_email_expiry on former_email (expires_at);

alter table mail_wish drop constraint mail_wish_mail_check;
alter table mail_wish add constraint mail_wish_mail_check check (
    mail in ('password_reset', 'provider_verification', 'patient_verification', 'email_change'));
