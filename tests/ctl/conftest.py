"""What the tests of sign-in and explain share: the provider of tests/idp, the
settings of tests/e2e, and runs of the program. Inside tests/support/host."""

import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "ctl"), str(TESTS / "e2e"), str(TESTS / "idp")]

import accounts  # noqa: E402
import idp  # noqa: E402
import program  # noqa: E402
import provider as provider_module  # noqa: E402
import settings as settings_module  # noqa: E402


@pytest.fixture(scope="session")
def people():
    accounts.make_all()


@pytest.fixture(scope="session")
def _provider(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certs")
    idp.make_certs(folder)
    with provider_module.Provider(folder) as running:
        yield running


@pytest.fixture
def provider(_provider):
    _provider.reset()
    return _provider


@pytest.fixture(scope="session")
def _ca(tmp_path_factory):
    """For settings without a provider: no connection is made."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    path.write_text("")
    return path


@pytest.fixture
def settings(people, _ca):
    """As an administrator wrote them; nobody is asked to be there."""
    one = settings_module.Settings(_ca)
    one.restore()
    yield one
    one.restore()


@pytest.fixture
def live(people, provider):
    """The same, with the provider that is there."""
    one = settings_module.Settings(provider.ca)
    one.restore()
    yield one
    one.restore()


@pytest.fixture
def dialogue():
    running = []

    def begin(*arguments):
        running.append(program.Dialogue(*arguments))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.end()


@pytest.fixture
def sign_in(dialogue, provider):
    """Begins, signs in as this person, and ends."""
    def run(name, *arguments):
        one = dialogue(*arguments)
        assert one.prompt() is not None, one.stderr
        one.answer(provider.as_person(name)(one.address))
        one.status = one.end()
        return one
    return run
