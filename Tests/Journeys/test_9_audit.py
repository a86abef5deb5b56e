"""After everything the other files did and broke: is every audit trail whole?"""

from house.operator import WITH_TABLES, everything_is_sealed, verify
from house.waiting import until


def test_every_trail_is_whole_at_the_end(house, person):
    person.patient()
    until(lambda: everything_is_sealed(house), 10, "the seal on everything")
    reports = verify(house)
    assert set(reports) == set(WITH_TABLES) and all(report["whole"] for report in reports.values()), reports
    assert reports["registry"]["filed_heads"] > 0
