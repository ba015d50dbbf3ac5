# SPDX-License-Identifier: BSD-2-Clause
"""The test provider of tests/idp on the real port, and people signing in there."""

import idp
import person

PORT, CONTROL, API = 443, 8099, 8443


class Provider(idp.Idp):
    """Plus what the tests ask of its log."""

    def __init__(self, folder):
        super().__init__(folder, "--port", str(PORT), "--control-port", str(CONTROL),
                         "--api-port", str(API))

    def as_person(self, name):
        """Gives what pastes as this person: from address to the browser's last one."""
        def answer(address):
            return person.sign_in(address, name, f"{name}'s password", self.ca)
        return answer

    def of_host(self):
        """Requests that the helper made, in order: not those of a browser."""
        return [one for one in self.log()["requests"]
                if one["endpoint"] in ("discovery", "jwks", "token", "userinfo", "api")]

    def endpoints(self):
        return [one["endpoint"] for one in self.of_host()]

    def host_connections(self):
        return {one["connection"] for one in self.of_host()}
