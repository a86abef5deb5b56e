-- A search of doctors sorts all that it finds: putting each name in small letters for that was a third of what it cost the server.
alter table doctor
    add column last_name_lower text not null generated always as (lower(last_name)) stored,
    add column first_name_lower text not null generated always as (lower(first_name)) stored;
