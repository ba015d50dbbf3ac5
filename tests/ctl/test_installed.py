# SPDX-License-Identifier: BSD-2-Clause
"""What `make install` leaves where."""

import pathlib
import stat

from checking import CTL, HELPER, MODULE


def test_the_module_is_roots_and_no_program():
    found = MODULE.stat()
    assert (stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid) == (0o644, 0, 0)


def test_nothing_of_libtools_stays_beside_the_module():
    assert [path.name for path in MODULE.parent.glob("pam_beproduct*")] == [MODULE.name]


def test_the_programs_have_their_modes():
    assert stat.S_IMODE(HELPER.stat().st_mode) == 0o711
    assert stat.S_IMODE(pathlib.Path(CTL).stat().st_mode) == 0o755
