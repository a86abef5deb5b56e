"""Words that must be found nowhere, in every form in which they could lie about."""

import base64
import urllib.parse


def forms(word: str) -> set[bytes]:
    """As it is, in lower case, as hex, URL-coded, JSON-escaped, and as base64 at each of its three alignments."""
    raw = word.encode()
    found = {raw, raw.lower(), raw.hex().encode(), raw.hex().upper().encode(), urllib.parse.quote(word).encode()}
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(shift) + raw)
            start = (0, 2, 3)[shift]  # characters that the bytes before have a part in
            end = len(whole) - (4 if (len(raw) + shift) % 3 else 0)
            found.add(whole[start:end])
    return {form for form in found if len(form) >= 6}


def found_in(text: bytes, words: dict[str, str]) -> list[str]:
    lower = text.lower()
    return sorted(
        {
            name
            for name, word in words.items()
            for form in forms(word)
            if form in text or form.lower() in lower and len(form) > 12
        }
    )
