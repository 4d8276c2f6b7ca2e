from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.http.bodies import read_error_body

KEY = SecretStr("opaque-key-0042")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b'{"error":{"message":"first","type":"t","code":null},"detail":"second"}', "first"),
        (b'{"error":"unauthorized","message":"later"}', "unauthorized"),
        (b'{"error":{},"detail":"second","message":"third"}', "second"),
        (b'{"message":"third"}', "third"),
        (b"plain words", "plain words"),
        (b'["a list"]', '["a list"]'),
        (b"", ""),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"a\x00b\x1b[31mc\r\nd\xe2\x80\xaee", "a b [31mc d e"),
        (b"x" * 5000, "x" * 200),
        (b"[" * 100_000, "[" * 200),
        (
            b'{"message":"Incorrect API key provided: sk-admin-123*45."}',
            "Incorrect API key provided: [hidden]",
        ),
        (b'{"message":"no access for dana.okafor@northwind.example"}', "no access for [hidden]"),
        (b'{"message":"got Bearer abc.def"}', "got [hidden]"),
    ],
)
def test_an_error_body_is_read_in_order_and_cleaned(body: bytes, text: str) -> None:
    assert read_error_body(body, KEY).text == text


def test_the_key_is_hidden_even_where_the_cut_would_split_it() -> None:
    said = read_error_body(b'{"message":"' + b"y" * 190 + b' opaque-key-0042"}', KEY).text
    assert "opaque" not in said


def test_a_validation_error_names_its_fields_and_repeats_no_value() -> None:
    body = b"""{"detail":[
        {"loc":["query","limit"],"msg":"too large","type":"le","input":"dana@northwind.example","ctx":{}},
        {"loc":["body","rows",0,"id"],"msg":"missing","type":"missing"}]}"""
    said = read_error_body(body, KEY)
    assert said.fields == ("limit", "rows.0.id")
    assert said.text == "limit, rows.0.id"


@pytest.mark.parametrize("detail", [b"[]", b"[1]", b'[{"loc":"limit"}]', b"{}", b"null"])
def test_an_odd_detail_is_no_field_list(detail: bytes) -> None:
    assert read_error_body(b'{"detail":' + detail + b"}", KEY).fields == ()
