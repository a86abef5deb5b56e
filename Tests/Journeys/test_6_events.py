"""Can an operator have events handled that a service lost or gave up on, and is nothing done twice?"""

import subprocess

from house.house import BINARIES
from house.operator import operator_of
from house.stores import psql
from house.waiting import until


def praxis(house, *words: str, code: int = 0) -> str:
    done = subprocess.run([BINARIES / "praxis", "events", *words], **operator_of(house))
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout


def test_what_a_service_lost_or_gave_up_on_is_handled_again_and_nothing_twice(house, newcomer):
    account = newcomer().user["id"]
    welcomed = f"select event_id from notifier.delivery where account_id = '{account}' and state = 'sent'"
    [[event]] = until(lambda: psql(house, welcomed), what="the welcome")
    # Handled before: sent again, it changes nothing, and for that consumer it is not even sent.
    psql(house, f"delete from notifier.delivery where account_id = '{account}'")
    praxis(house, "replay", "identity", "--from", event)
    sent = "select count(*) from identity.outbox where stream_ms is null"
    until(lambda: psql(house, sent) == [["0"]], what="the events in the stream")
    psql(house, f"delete from notifier.handled where event_id = '{event}'")
    assert "sent again" in praxis(house, "replay", "identity", "--from", event, "--consumer", "notifier")
    until(lambda: psql(house, welcomed) == [[event]], what="the welcome again")
    # Given up on: marked, and handled by the running service.
    psql(house, f"delete from notifier.delivery where account_id = '{account}'")
    psql(
        house,
        f"""insert into notifier.dead_letter (consumer, event_id, source, type, envelope, reason, tries)
        select 'notifier', event_id, 'identity', type, envelope, 'bad_gateway', 5 from identity.outbox
        where event_id = '{event}'""",
    )
    assert event in praxis(house, "dead", "notifier")
    assert praxis(house, "retry", "notifier", event).startswith("1 event is")
    until(lambda: psql(house, welcomed) == [[event]], what="the welcome once more")
    assert event not in praxis(house, "dead", "notifier")
    praxis(house, "retry", "notifier", event, code=69)
    for words in (["replay", "identity"], ["replay", "gateway", "--from", event], ["retry"], ["retry", "notifier", "x"]):
        praxis(house, *words, code=64)
