"""Samples are put together at run time, so that no scanner takes this file for a leak."""

from __future__ import annotations

import base64
import json
import string

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from hypothesis import given
from hypothesis import strategies as st

from bot.redaction import LibraryRedactor

REDACTOR = LibraryRedactor()
HEX = "0123456789abcdef"
MIXED = string.ascii_letters + string.digits


def some(alphabet: str, length: int) -> str:
    return "".join(alphabet[(7 * at + at * at // 3) % len(alphabet)] for at in range(length))


def jwt() -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": "1234567890", "name": "Ada"})
    body = ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts)
    return f"{body}.{some(MIXED, 43)}"


SECRETS = {
    "Artifactory Credentials": ("artif-key: {}", "AKC" + some(MIXED, 12)),
    "AWS Access Key": ("{}", "AKIA" + some(string.ascii_uppercase, 16)),
    "Azure Storage Account access key": ("AccountKey={}", some(MIXED, 86) + "=="),
    "Basic Auth Credentials": ("https://user:{}@host.example/", some(MIXED, 12)),
    "Cloudant Credentials": ("cloudant_password = '{}'", some(HEX, 64)),
    "Discord Bot Token": ("{}", "M" + some(MIXED, 23) + "." + some(MIXED, 6) + "." + some(MIXED, 27)),
    "GitHub Token": ("{}", "ghp_" + some(HEX, 36)),
    "GitLab Token": ("{}", "glpat-" + some(MIXED, 20)),
    "Base64 High Entropy String": ("x = '{}'", some(MIXED, 40)),
    "Hex High Entropy String": ("x = '{}'", some(HEX, 40)),
    "IBM Cloud IAM Key": ("ibm_cloud_iam_api_key = '{}'", some(MIXED + "_-", 44)),
    "IBM COS HMAC Credentials": ("cos_hmac_secret_access_key = '{}'", some(HEX, 48)),
    "Public IP (ipv4)": ("{}", "133.133.133.133"),
    "JSON Web Token": ("{}", jwt()),
    "Secret Keyword": ("password = '{}'", "hunter2hunter"),
    "Mailchimp Access Key": ("{}", some(HEX, 32) + "-us15"),
    "NPM tokens": ("//registry.example/:_authToken={}", "npm_" + some(MIXED, 36)),
    "OpenAI Token": ("{}", "sk-" + some(MIXED, 20) + "T3Blbk" + "FJ" + some(MIXED, 20)),
    "Private Key": (
        "{}",
        "-----BEGIN RSA PRIVATE KEY-----\n" + some(MIXED, 64) + "\n-----END RSA PRIVATE KEY-----",
    ),
    "PyPI Token": ("{}", "pypi-AgEIcHlwaS5vcmc" + some(MIXED, 80)),
    "SendGrid API Key": ("{}", "SG." + some(MIXED, 22) + "." + some(MIXED, 43)),
    "Slack Token": ("{}", "xox" + "b-34532454-" + some(MIXED, 24)),
    "SoftLayer Credentials": ("softlayer_api_key = '{}'", some(HEX, 64)),
    "Square OAuth Secret": ("{}", "sq0csp-" + some(MIXED, 43)),
    "Stripe Access Key": ("{}", "sk_" + "live_" + some(MIXED, 24)),
    "Telegram Bot Token": ("{}", "110201543:" + "A" + some(MIXED, 34)),
    "Twilio API Key": ("{}", "SK" + some(HEX, 32)),
}


def test_every_plugin_of_the_library_has_a_sample() -> None:
    assert set(SECRETS) == set(get_mapping_from_secret_type_to_class())


@pytest.mark.parametrize("kind", SECRETS)
def test_a_planted_secret_is_withheld_whole(kind: str) -> None:
    frame, secret = SECRETS[kind]
    redacted = REDACTOR.redact(f"please use this\n{frame.format(secret)}\nand go on")
    assert secret not in redacted.text
    assert redacted.text.startswith("please use this\n")
    assert redacted.text.endswith("and go on")
    assert sum(each.count for each in redacted.withheld) >= 1


@pytest.mark.parametrize(
    ("datum", "kind"),
    [
        ("ada.lovelace+x@mail.example.com", "E-mail address"),
        ("+49 30 901820", "Phone number"),
        ("+1 650-253-0000", "Phone number"),
        ("DE89 3704 0044 0532 0130 00", "IBAN"),
        ("GB29NWBK60161331926819", "IBAN"),
    ],
)
def test_personal_data_is_withheld_and_named(datum: str, kind: str) -> None:
    redacted = REDACTOR.redact(f"write to {datum} today")
    assert datum not in redacted.text
    assert kind in {each.kind for each in redacted.withheld}


@pytest.mark.parametrize("sort", ["", "proj-", "admin-", "svcacct-", "ant-api03-"])
@pytest.mark.parametrize("broken", ["", "\n"])
def test_api_keys_of_every_sort_are_withheld_whole(sort: str, broken: str) -> None:
    start, end = "sk-" + sort + some(MIXED, 6), some(MIXED[::-1] + "_-", 24)
    redacted = REDACTOR.redact(f"use {start}{broken}{end} for it")
    assert start not in redacted.text
    assert end not in redacted.text


def test_a_secret_seen_once_is_withheld_wherever_it_stands() -> None:
    redacted = REDACTOR.redact("password = 'hunter2hunter'\nI said hunter2hunter again")
    assert "hunter2hunter" not in redacted.text


def test_plain_words_stay_as_they_are() -> None:
    text = "Refactor the retry loop, keep Retry-After, give up after 60 seconds; 12,345 rows."
    assert REDACTOR.redact(text).text == text
    assert REDACTOR.redact(text).withheld == ()


@given(st.text(max_size=200))
def test_any_text_can_be_redacted(text: str) -> None:
    redacted = REDACTOR.redact(text)
    assert bool(redacted.withheld) == ("[withheld: " in redacted.text and redacted.text != text)


KEY = "AKIA" + some(string.ascii_uppercase, 16)
DISGUISED = (
    "dana.okafor\\u0040northwind.example",
    "dana.okafor%40northwind.example",
    "dana.okafor\uff20northwind.example",
    "dana.okafor@north\u200bwind.example",
    "dana.okafor@\nnorthwind.example",
    "m\u00fcller@m\u00fcnchen.example",
    "DE89\u00a03704\u00a00044\u00a00532\u00a00130\u00a000",
    "DE89-3704-0044-0532-0130-00",
    "DE89 3704 0044\n0532 0130 00",
    "DE89 3704 0044\\n0532 0130 00",
    "\\nDE89370400440532013000",
    "iban_DE89370400440532013000_old",
    "+49\n30 123456 789",
    "0049 30 12345678",
    f"{KEY[:9]}\n{KEY[9:]}",
    f"{KEY[:9]}\u200d{KEY[9:]}",
    f"{KEY[:9]}\\u{ord(KEY[9]):04x}{KEY[10:]}",
    '{\\"password\\": \\"hunter2hunter2\\"}',
    "export DB_PASSWORD=hunter2hunter2",
)


@pytest.mark.parametrize("datum", DISGUISED)
def test_a_disguise_or_a_line_break_does_not_help(datum: str) -> None:
    redacted = REDACTOR.redact(f"please use this:\n{datum}\nand go on")
    assert redacted.text.startswith("please use this:\n")
    assert redacted.text.endswith("\nand go on")
    assert sum(each.count for each in redacted.withheld) == 1
    for piece in ("okafor", "ller", "3704", "0130", "123456", KEY[2:8], KEY[11:], "hunter2"):
        assert piece not in redacted.text


def test_two_ibans_side_by_side_are_both_withheld() -> None:
    redacted = REDACTOR.redact("DE89 3704 0044 0532 0130 00 GB29 NWBK 6016 1331 9268 19")
    assert redacted.text == "[withheld: IBAN] [withheld: IBAN]"


@pytest.mark.parametrize(
    "text",
    [
        "def load(password: str) -> None:\n    return None\n\n@app.route('/')\ndef home() -> str: ...",
        "Version 1.2\n3.4.5 came\nhttp://localhost:80\nask@me",
        "the sk-learn-pipeline-for-churn-models and a disk-usage-of-2026-in-the-repository",
        "C:\\new\\table and 100 \\u00e9l\u00e8ves",
    ],
)
def test_code_and_prose_stay_as_they_are(text: str) -> None:
    assert REDACTOR.redact(text).text == text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "hostile",
    [
        "password" + " " * 9_000,
        "password" + "\\u0020" * 1_500,
        "password" + " \n" * 4_500,
        "password" + "\u3000" * 9_000,
        "\\" * 10_000,
        "sk-" * 3_300,
    ],
    ids=("spaces", "escaped spaces", "broken spaces", "wide spaces", "backslashes", "beginnings of keys"),
)
def test_a_hostile_text_is_read_in_seconds(hostile: str) -> None:
    assert REDACTOR.redact(hostile).text == hostile


def test_many_spaces_hide_no_secret() -> None:
    redacted = REDACTOR.redact(f"password ={' ' * 200}'hunter2hunter' and so on")
    assert redacted.text == f"password ={' ' * 200}'[withheld: Secret Keyword]' and so on"
