"""One house for the whole run, and the people who live in it."""

import signal
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from house.admins import administrator  # noqa: E402
from house.hospitals import approved_hospital  # noqa: E402
from house.house import House  # noqa: E402
from house.mail_server import MailServer  # noqa: E402
from house.mailbox import Mailbox  # noqa: E402
from house.people import Client, Person, register  # noqa: E402


@pytest.fixture(scope="session")
def house():
    made = House()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind then either
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def url(house) -> str:
    return house.services["gateway"].url


@pytest.fixture(scope="session")
def other_url(house) -> str:
    """A second gateway of the same house."""
    return house.services["gateway-2"].url


@pytest.fixture
def anyone(url):
    with Client(url) as client:
        yield client


@pytest.fixture(scope="module")
def person(url):
    """Somebody who is used by all tests of a file."""
    with register(url) as found:
        yield found


@pytest.fixture(scope="module")
def admin(house, url):
    """An administrator, the same for all tests of a file."""
    with administrator(house, url) as person:
        yield person


@pytest.fixture(scope="module")
def hospital(url, admin):
    """A hospital that works, the same for all tests of a file."""
    with approved_hospital(url, admin) as person:
        yield person


@pytest.fixture
def newcomer(url):
    """Makes people who are nobody else's."""
    made: list[Person] = []

    def make(**changes) -> Person:
        made.append(register(url, **changes))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def mailbox(house) -> Mailbox:
    return Mailbox(house.mail_folder)


@pytest.fixture
def notifier(house):
    """Starts the notifier anew with settings of the test's; afterwards it is as it was."""
    usual = house.services["notifier"]

    def start(**settings: str):
        if house.services["notifier"].is_alive:
            house.services["notifier"].stop()
        house.services["notifier"] = house.service(usual.instance, **settings)
        house.services["notifier"].restart()
        return house.services["notifier"]

    yield start
    if house.services["notifier"].is_alive:
        house.services["notifier"].stop()
    house.services["notifier"] = usual
    usual.restart()


@pytest.fixture
def mail_server(house):
    server = MailServer(house.ports.take())
    yield server
    server.stop()
