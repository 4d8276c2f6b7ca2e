from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from bot.model.signing import PREFIX, Signer, canonical, is_public_key, is_signed

SIGNER = Signer(bytes(range(32)))
DOCUMENT = {"b": [1, None, "ü"], "a": {"z": True, "y": ""}}


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    assert canonical(DOCUMENT) == '{"a":{"y":"","z":true},"b":[1,null,"ü"]}'.encode()


def test_a_signature_fits_its_document_whatever_the_order_of_keys() -> None:
    signature = SIGNER.sign(DOCUMENT)
    assert is_signed(dict(reversed(DOCUMENT.items())), signature, SIGNER.public_key)
    assert signature == Signer(bytes(range(32))).sign(DOCUMENT)


@given(st.dictionaries(st.text(), st.integers(min_value=0, max_value=9)))
def test_any_other_document_does_not_fit(other: dict[str, int]) -> None:
    assert not is_signed({**DOCUMENT, "more": other}, SIGNER.sign(DOCUMENT), SIGNER.public_key)


@pytest.mark.parametrize("signature", ["", "!", "AAAA", "ä" * 88])
def test_what_is_no_signature_does_not_fit(signature: str) -> None:
    assert not is_signed(DOCUMENT, signature, SIGNER.public_key)


@pytest.mark.parametrize("key", ["", PREFIX, PREFIX + "AAAA", "ssh-ed25519 AAAA", "ä"])
def test_what_is_no_key_is_refused(key: str) -> None:
    assert not is_public_key(key)
    assert not is_signed(DOCUMENT, SIGNER.sign(DOCUMENT), key)


def test_another_key_does_not_fit() -> None:
    other = Signer(Ed25519PrivateKey.generate().private_bytes_raw())
    assert is_public_key(other.public_key)
    assert not is_signed(DOCUMENT, SIGNER.sign(DOCUMENT), other.public_key)
