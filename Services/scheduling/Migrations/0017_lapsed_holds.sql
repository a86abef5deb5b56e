-- Holds that have not been used nor given back, for the job that tells of those that ended.
create index claim_hold_open on claim (held_until) where kind = 'hold' and held_until > claimed_at;
