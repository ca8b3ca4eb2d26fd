"""Characters that look like a Latin letter, and the letters that digits and symbols stand in for.

Our own table, kept to what is seen in comments: Cyrillic, Greek, Armenian, IPA and squared letters. Everything
that Unicode itself calls compatible (full width, circled, mathematical letters) is left to NFKD.
"""

from __future__ import annotations

_LOOKALIKES: dict[str, str] = {
    # Cyrillic
    "а": "a", "в": "b", "е": "e", "ё": "e", "з": "3", "и": "u", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p",
    "с": "c", "т": "t", "у": "y", "х": "x", "ѕ": "s", "і": "i", "ї": "i", "ј": "j", "ԁ": "d", "ԛ": "q", "ԝ": "w",
    "һ": "h", "ӏ": "l", "ь": "b", "г": "r", "п": "n", "ѵ": "v", "ғ": "f", "қ": "k", "ө": "o", "ү": "y", "ԍ": "g",
    # Greek
    "α": "a", "β": "b", "γ": "y", "ε": "e", "ζ": "z", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o",
    "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ϲ": "c", "ϳ": "j",
    # Greek capitals that look like another letter than their small ones do
    "Η": "h", "Υ": "y", "Ζ": "z", "Μ": "m", "Ν": "n",
    # Armenian
    "օ": "o", "ս": "u", "հ": "h", "ո": "n", "ց": "g", "զ": "q", "ա": "w", "ք": "p",
    # Latin letters with strokes, IPA, small capitals
    "ø": "o", "đ": "d", "ħ": "h", "ł": "l", "ŧ": "t", "ı": "i", "ȷ": "j", "ŋ": "n", "ƅ": "b", "ɓ": "b", "ƈ": "c",
    "ɗ": "d", "ɖ": "d", "ɛ": "e", "ə": "e", "ǝ": "e", "ƒ": "f", "ɠ": "g", "ɡ": "g", "ɢ": "g", "ɦ": "h", "ʜ": "h",
    "ɨ": "i", "ɩ": "i", "ɪ": "i", "ʝ": "j", "ƙ": "k", "ᴋ": "k", "ɭ": "l", "ʟ": "l", "ƚ": "l", "ɱ": "m", "ᴍ": "m",
    "ɲ": "n", "ɳ": "n", "ɴ": "n", "ɵ": "o", "ɔ": "o", "ᴏ": "o", "ƥ": "p", "ᴘ": "p", "ɋ": "q", "ɾ": "r", "ʀ": "r",
    "ʁ": "r", "ʂ": "s", "ꜱ": "s", "ƭ": "t", "ʈ": "t", "ᴛ": "t", "ʉ": "u", "ʋ": "v", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w",
    "ʏ": "y", "ƴ": "y", "ᴢ": "z", "ʐ": "z", "ƶ": "z", "ᴀ": "a", "ɑ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e",
    "ᴊ": "j", "æ": "ae", "œ": "oe", "þ": "p", "ð": "d",
    # Cherokee and Lisu letters that survive casefolding
    "ꓐ": "b", "ꓑ": "p", "ꓒ": "d", "ꓓ": "d", "ꓔ": "t", "ꓖ": "g", "ꓗ": "k", "ꓙ": "j", "ꓚ": "c", "ꓜ": "z", "ꓝ": "f",
    "ꓟ": "m", "ꓠ": "n", "ꓡ": "l", "ꓢ": "s", "ꓣ": "r", "ꓦ": "v", "ꓧ": "h", "ꓪ": "w", "ꓫ": "x", "ꓬ": "y", "ꓮ": "a",
    "ꓰ": "e", "ꓲ": "i", "ꓳ": "o", "ꓴ": "u",
}  # fmt: skip

# Letters in a filled circle, in a filled square, and the letters that flags are made of: no decomposition in Unicode.
_SQUARED = {chr(base + index): chr(ord("a") + index) for base in (0x1F150, 0x1F170) for index in range(26)}

CONFUSABLES: dict[str, str] = _LOOKALIKES | _SQUARED

# What a digit or symbol stands in for inside a word.
LEET: dict[str, str] = {
    "0": "o", "1": "i", "2": "z", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "i", "|": "i", "€": "e", "£": "l", "+": "t",
}  # fmt: skip

# The same signs where they stand for an l instead of an i.
LEET_AS_L: dict[str, str] = LEET | {"1": "l", "!": "l", "|": "l"}

LEET_SYMBOLS = "@$!|€£+"
