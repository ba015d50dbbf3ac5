"""What the tests of sign-in and explain share: the provider of tests/idp, the
settings of tests/e2e, and a run of the program. Inside tests/support/host."""

import os
import pathlib
import re
import subprocess
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "e2e"), str(TESTS / "idp")]

import accounts  # noqa: E402
import idp  # noqa: E402
import person  # noqa: E402
import provider as provider_module  # noqa: E402
import settings as settings_module  # noqa: E402

CTL = os.environ["BP_CTL"]
SECONDS = 40


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


def ctl(*arguments, **how):
    """A run to its end."""
    return subprocess.run([CTL, *map(str, arguments)], capture_output=True, text=True,
                          timeout=SECONDS, check=False, **how)


class Dialogue:
    """A run that is answered: standard error is read to each prompt's end."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [CTL, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, bufsize=0)
        self.prompts, self.stderr, self.stdout = [], "", ""

    def prompt(self):
        """What came up to the next prompt; None if the run ended instead."""
        text = b""
        while not text.endswith(b"Address: "):
            piece = os.read(self.process.stderr.fileno(), 1)
            if not piece:
                self.stderr += text.decode()
                return None
            text += piece
        self.stderr += text.decode()
        self.prompts.append(text.decode())
        return self.prompts[-1]

    @property
    def address(self):
        found = [line for line in self.stderr.split("\n") if line.startswith("https://")]
        assert len(found) == 1, self.stderr
        return found[0]

    def answer(self, line):
        self.process.stdin.write(line if isinstance(line, bytes) else f"{line}\n".encode())

    def end(self):
        """Gives the exit status; what is not answered meets the end of input."""
        out, err = self.process.communicate(timeout=SECONDS)
        self.stdout, self.stderr = out.decode(), self.stderr + err.decode()
        return self.process.returncode


@pytest.fixture
def dialogue():
    running = []

    def begin(*arguments):
        running.append(Dialogue(*arguments))
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


def nothing_secret(one, pasted=""):
    """Neither the secret nor a code, nor what the address held besides it."""
    said = one.stdout + one.stderr.replace(one.address, "")
    assert idp.SECRET not in said
    for name in ("code", "state"):
        found = re.search(rf"[?&]{name}=([^&]+)", pasted)
        assert not found or found[1] not in said
    assert "eyJ" not in said
    return True


# what the tests import from here, by a name that pytest leaves alone
sys.modules["shared"] = sys.modules[__name__]
__all__ = ["ctl", "nothing_secret", "person"]
