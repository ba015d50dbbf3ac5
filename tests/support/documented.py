# SPDX-License-Identifier: BSD-2-Clause
"""What of the code an administrator is told: read from its tables, and from the pages.

The tables are C; what is taken from them is as they are laid out, and a row that is not read so is missing from both
sides' comparison, which therefore counts them."""

import functools
import html
import pathlib
import re
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]
MODULE = SOURCE / "pam_beproduct"
SECTIONS = {"provider": "[provider]", "api": "[api]", "accounts": "[accounts]",
            "service": "[service:NAME]"}


def read(path):
    return (SOURCE / path).read_text(encoding="utf-8")


def function(text, name):
    """Its body."""
    return re.search(rf"(?ms)^{name}\(.*?^{{\n(.*?)^}}", text)[1]


# The code

ROW = re.compile(r"\t\{ (provider|api|accounts|service), \"(\w+)\", OF\w*\(\w+\),\s+parse_\w+,?\s*"
                 r"(\"[^\"]*\"|BP_CONFIG_\w+)?(.*?)\}(?=,\n)", re.S)


def settings():
    """(section, key, default) of each; None: it has none, True: it is required."""
    code = read("pam_beproduct/core/config.c")
    found = []
    for section, key, default, rest in ROW.findall(code):
        value = True if ".missing" in rest else None
        if default.startswith('"'):
            value = default.strip('"')
        elif default:
            value = _constant(default)
        found.append((SECTIONS[section], key, value))
    assert len(found) == len(re.findall(r"(?m)^\t\{ \w+, \"", code))
    return found


def _constant(name):
    """Of config.h, and there of what Makefile.am says, where /etc and the like are."""
    value = re.search(rf"(?m)^#define {name}\t+(.*)$", read("pam_beproduct/core/config.h"))[1]
    return places()[value] if value in places() else value.strip('"')


def places():
    """BP_PATH_* of Makefile.am, configured as the tests do."""
    where = {"sysconfdir": "/etc", "localstatedir": "/var", "runstatedir": "/run",
             "helperexecdir": "/usr/libexec/beproduct"}
    return {name: where[place] + rest for name, place, rest in re.findall(
        r"-D(BP_PATH_\w+)='\"\$\((\w+)\)([^\"]*)\"'", read("Makefile.am")) if place in where}


def paths():
    """All below those, and what is joined to them somewhere."""
    token = re.search(r'#define BP_SERVICE_TOKEN_FILE\s+"(.*)"',
                      read("pam_beproduct/core/service_token.h"))[1]
    found = set(places().values())
    for file in MODULE.rglob("*.[ch]"):
        found |= {places()[place] + below for place, below in re.findall(
            r'\b(BP_PATH_\w+) "(/\w+)"', file.read_text()) if place in places()}
    found.add(f"{places()['BP_PATH_STATE']}/{token}")
    return found | {line.split()[1] for line in read("conf/tmpfiles.d/beproduct.conf").splitlines()
                    if line.startswith("d ")}


def reasons():
    helpers = re.findall(r"(?m)^W\((\w+)\)", read("pam_beproduct/wire/reason.def"))
    names = re.findall(r"(?m)^R\((\w+),", read("pam_beproduct/core/reason.def"))
    assert set(helpers) < set(names)
    return names


def log_keys():
    """Of every line of the log: what may stand as the second argument."""
    seconds = re.findall(r"bp_log_add(?:_word)?\([^,;]+,\s*([^,;]*),", read("pam_beproduct/call.c"))
    return set(re.findall(r"\"(\w+)\"", " ".join(seconds)))


def log_events():
    return set(re.findall(r"\{ \"(\w+)\", LOG_\w+ \}", read("pam_beproduct/call.c"))) | \
        set(re.findall(r"begin_line\(c, \"(\w+)\"", read("pam_beproduct/call.c")))


def module_arguments():
    return set(re.findall(r"\"(\w+)\"", function(read("pam_beproduct/call.c"), "bp_call_arguments")))


def pam_answers():
    code = read("pam_beproduct/pam_beproduct.c")
    names = set()
    for name in ("broken_off", "codes_of", "final_code", "conclude"):
        names |= set(re.findall(r"PAM_[A-Z_]+", function(code, name)))
    return names


def claims_of_the_map():
    core = [read(f"pam_beproduct/core/{name}.c") for name in ("account_map", "map_rule", "policy")]
    return set(re.findall(r"rule(?:->|\.)claim, \"(\w+)\"", "".join(core)))


def requests():
    return set(re.findall(r"(?m)^A\((\w+),", read("pam_beproduct/wire/message.def")))


def exits():
    return re.findall(r"BP_EXIT_\w+ = (\d)", read("pam_beproduct/ctl/options.h"))


# The pages

PAGES = ("beproduct-accounts.map.5", "beproduct.conf.5", "beproduct-helper.8", "beproductctl.8",
         "pam_beproduct.8")


class Item:
    """What a page says under one head of a list."""

    def __init__(self, section, below, head, body):
        self.section, self.below, self.head, self.body = section, below, head, body


def _text(markup):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def page(name):
    """As mandoc shows it: its items."""
    done = subprocess.run(["mandoc", "-T", "html", "-O", "fragment", installed(name)], check=True,
                          capture_output=True, text=True)
    section = below = ""
    items = []
    for part in re.split(r"(?=<h[12]|<dt)", done.stdout):
        head = re.match(r"<h1.*?>(.*?)</h1>", part, re.S)
        if head:
            section, below = _text(head[1]), ""
        head = re.match(r"<h2.*?>(.*?)</h2>", part, re.S)
        if head:
            below = _text(head[1])
        head = re.match(r"<dt.*?>(.*?)</dt>(.*)", part, re.S)
        if head:
            items.append(Item(section, below, _text(head[1]), _text(head[2])))
    return items


def heads(name, section):
    """Those of one section, in order; several in one head each by itself."""
    return [head for item in page(name) if item.section == section
            for head in item.head.split(", ")]


@functools.cache
def told_of_the_log():
    """Its events and its keys."""
    return set(heads("pam_beproduct.8", "LOG"))


def installed(name):
    return pathlib.Path(f"/usr/share/man/man{name[-1]}/{name}")
