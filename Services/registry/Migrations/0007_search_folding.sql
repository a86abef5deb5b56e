-- Searching makes no difference between cases, accents, widths, ligatures, dashes and apostrophes. The words of a search are
-- folded by Kernel's SearchText, what they are looked for in by this function; a test holds every letter of Unicode 14 to both.
-- No extension, and no dictionary that an upgrade of the server changes under the columns below.
create function search_folded(text) returns text language sql immutable strict parallel safe
    return normalize(translate(
        -- Decomposed, without marks and what is never shown, in capitals and then in small letters.
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
            lower(upper(regexp_replace(normalize($1, NFD),
            '[\u00AD\u0300-\u036F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F'
            '\u202A-\u202E\u2060-\u206F\u20D0-\u20FF\u3164\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF\uFFA0\uFFF0-\uFFF8'
            '\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF]',
            '', 'g') collate "und-x-icu") collate "und-x-icu"),
            'æ', 'ae'), 'þ', 'th'), 'ĳ', 'ij'), 'œ', 'oe'), 'ƕ', 'hv'), 'ƣ', 'oi'),
            'ǆ', 'dz'), 'ǉ', 'lj'), 'ǌ', 'nj'), 'ǳ', 'dz'), 'ȣ', 'ou'), 'ß', 'ss'),
        -- Letters, apostrophes, dashes and the wide forms of ASCII; then what each becomes.
        'ðøđħĸŀłŋŧƀƃƈƌƒƙƚƞƥƫƭƴƶǥȡȥȴȵȶȷȼȿɀɇɉɋɍɏɓɔɕɖɗɛɟɠɦɨɫɬɭɱɲɳɼɽɾʂʄʈʋʐʑʝʠςỿ'
        ',;`´ʹʻʼʽʾʿ‘’‛′‵ꞌ＇｀'
        '֊־᐀᠆‐‑‒–—―−⸗⸚⸺⸻⹀⹝〜〰゠︱︲﹘﹣－𐺭'
        '！＂＃＄％＆（）＊＋，．／０１２３４５６７８９：；＜＝＞？＠［＼］＾＿ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
        'dodhqllntbbcdfklnpttyzgdzlntjcszejqrybocddejghilllmnnrrrsjtvzzjqσy'
        '  '''''''''''''''''''''''''''''''''
        '--------------------------'
        '!"#$%&()*+ ./0123456789: <=>?@[\]^_abcdefghijklmnopqrstuvwxyz{|}~'), NFC);

-- A new column in place of the old one, whose index goes with it.
alter table doctor drop column search_text;
alter table doctor
    add column search_text text not null generated always as
        (search_folded(first_name || ' ' || last_name || ' ' || coalesce(hospital_name, ''))) stored,
    add column search_city text generated always as (search_folded(city)) stored;
create index doctor_search on doctor using gin (search_text public.gin_trgm_ops);
drop index doctor_by_city;
create index doctor_by_city on doctor (search_city, lower(last_name), doctor_id);

-- The first of a patient's grams is the number of the rule they were made by (Vault). Rows of an older rule, also those that a
-- process of the last release still writes, wait here to be made anew in the background. Ids alone, so everybody may see them.
create table search_renewal (
    patient_id uuid primary key references patient (patient_id) on delete cascade,
    owner_id uuid not null,
    tenant_id uuid not null
);
alter table search_renewal enable row level security;
alter table search_renewal force row level security;
create policy search_renewal_of_all on search_renewal using (true);

alter table patient no force row level security;
insert into search_renewal select patient_id, owner_id, tenant_id from patient;
alter table patient force row level security;

create function search_renewal_asked() returns trigger language plpgsql as $$
begin
    insert into search_renewal values (new.patient_id, new.owner_id, new.tenant_id) on conflict do nothing;
    return null;
end
$$;
create trigger search_renewal_asked after insert or update of grams on patient for each row
    when (new.grams[1] is distinct from 2) execute function search_renewal_asked();
