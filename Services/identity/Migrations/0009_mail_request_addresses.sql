-- The client's address a mail was asked for from, sealed: what follows is audited with it. It is there until somebody has
-- looked for the accounts of the email.
alter table mail_wish add column sealed_address bytea;
