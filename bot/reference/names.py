"""Names and e-mail addresses of the demo workspace, some of them hostile on purpose."""

from __future__ import annotations

DOMAIN = "northwind.example"

_FIRST_NAMES = (
    "Aino Amara Anders Anjali Bao Beatriz Bilal Carla Chidi Chloe Daniel Dmitri Elena Emeka Emma Farah "
    "Felix Fumiko Giulia Grace Hugo Ibrahim Ingrid Jamal Jia Jonas Kavya Kofi Lars Leila Lucas Magda "
    "Mateo Maya Mei Milan Naomi Nikhil Noor Olga Omar Paolo Rania Sofia Stefan Tariq Yara Zoe"
)
_LAST_NAMES = (
    "Abebe Adeyemi Alvarez Andersson Baker Banerjee Bianchi Castillo Chen Costa Dubois Eriksen Fischer "
    "Garcia Gupta Haddad Hansen Hoffmann Ito Ivanova Jansen Johnson Kaya Khan Kim Kowalski Larsen Lee "
    "Lopez Martin Mbeki Meyer Moreno Murphy Nakamura Nguyen Novak Okoye Olsen Park Patel Petrov Quispe "
    "Rossi Sato Schmidt Silva Singh Smith Tanaka Tran Walker Yilmaz"
)
FIRST, LAST = tuple(_FIRST_NAMES.split()), tuple(_LAST_NAMES.split())

ROLES = ("member", "analyst", "investigator", "approver", "admin")
WELL_KNOWN = {
    "member": "Dana Okafor",
    "analyst": "Ines Moreau",
    "investigator": "Tomas Rivera",
    "approver": "Hanna Lindqvist",
    "admin": "Priya Shah",
}

# (name, local part of the e-mail or None for an ordinary one): what a person or an attacker may
# type into a profile, and what must not break a chat message, a spreadsheet or a picture.
HOSTILE: tuple[tuple[str, str | None], ...] = (
    ("<!channel> *bold* <http://evil.example|click>", "markup+<!channel>"),
    ("\u202eexe.gnp\u202c Ali Reversed", "\u202etxet"),
    ('=HYPERLINK("http://evil.example";"Pay")', "=cmd|calc!a1"),
    ("@here & <script>alert(1)</script>", "at.here&co"),
    ("Bartholomew " * 20 + "Longname", "bartholomew." + "very." * 30 + "long"),
    ("🦄🚀 Unicorn 👩‍👩‍👧‍👦", "unicorn.🦄"),
    ("山田 太郎", "山田"),
    ("O'Brien; DROP TABLE people;--", "o'brien"),
    ("$x^2$ \\frac{1}{0} _under_ `code`", "math$x^2$"),
    ("Zalgo Z̴̡̛͎a̷̧l̶g̵o̸", None),
    ("Tab\tand\nnewline", None),
)
_HOSTILE_FIRST = 4
_HOSTILE_STEP = 9
HOSTILE_PLACES = tuple(_HOSTILE_FIRST + _HOSTILE_STEP * place for place in range(len(HOSTILE)))


def name_of(index: int) -> str:
    """Name of an ordinary or hostile person."""
    hostile = _hostile(index)
    if hostile is not None:
        return hostile[0]
    return f"{FIRST[index % len(FIRST)]} {LAST[index % len(LAST)]}"


def email_of(index: int) -> str:
    """E-mail address, unique within a workspace."""
    hostile = _hostile(index)
    if hostile is not None and hostile[1] is not None:
        return f"{hostile[1]}@{DOMAIN}"
    # 48 and 53 have no common factor: the pair repeats only after 2,544 people.
    again = index // (len(FIRST) * len(LAST))
    local = f"{FIRST[index % len(FIRST)]}.{LAST[index % len(LAST)]}".lower()
    return f"{local}{again + 1 if again else ''}@{DOMAIN}"


def email_of_name(name: str) -> str:
    """E-mail address of a well-known person."""
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def _hostile(index: int) -> tuple[str, str | None] | None:
    place, rest = divmod(index - _HOSTILE_FIRST, _HOSTILE_STEP)
    return HOSTILE[place] if rest == 0 and 0 <= place < len(HOSTILE) else None
