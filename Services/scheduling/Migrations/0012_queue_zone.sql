-- The zone in which the day of a number is counted: whether a visit that is moved stays on it. Null of numbers of before.
alter table queue_token add column timezone text;
