from __future__ import annotations

import pytest

from bot.framing.frameset import FrameSet
from bot.replies.checks import MAX_REPLY_CHARACTERS, check_draft
from bot.text.personal import find_personal_data

GOOD = "Dank u voor uw vraag over het verkeer. We geven dit door aan de mobiliteitsdienst. Welke straat bedoelt u?"


def remarks(text: str, frames: FrameSet, *detected: str) -> tuple[str, ...]:
    return check_draft(text, frames=frames, detected=detected, has_personal_data=find_personal_data)


def test_a_good_draft_has_no_remarks(frames: FrameSet) -> None:
    assert remarks(GOOD, frames, *frames.frames) == ()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "leeg"),
        ("  \n", "leeg"),
        ("a" * (MAX_REPLY_CHARACTERS + 1), "telt 2001 tekens"),
        ("Dag @jan, dank u.", "vermeldt iemand"),
        ("Zie <@123456>.", "vermeldt iemand"),
        ("Lees https://gemeente.example/info.", "link"),
        ("Lees [hier](http://x.example).", "link"),
        ("Dank u!", "uitroepteken"),
        ("Dit is EEN GROTE SCHANDE voor ons.", "hoofdletters"),
        ("U moet dat begrijpen.", "“U moet” klinkt als een terechtwijzing"),
        ("Dat klopt niet.", "terechtwijzing"),
        ("We garanderen dat het lukt.", "belofte"),
        ("Bel Jan op 0470 12 34 56.", "persoonsgegevens"),
    ],
)
def test_a_remark_says_what_was_seen(frames: FrameSet, text: str, part: str) -> None:
    assert any(part in remark for remark in remarks(text, frames)), remarks(text, frames)


@pytest.mark.parametrize(
    ("text", "frame", "word"),
    [
        ("Nee, het zijn geen criminelen.", "vijandige_indringer", "criminelen"),  # a denial says it once more
        ("Het zijn arme slachtoffers.", "vijandige_indringer", "slachtoffers"),
        ("Onze gemeente zit niet vol.", "controle", "vol"),
        ("Ze krijgen echt niet alles gratis.", "kosten_en_baten", "gratis"),
        ("Ook hun cultuur hoort erbij.", "botsende_beschavingen", "cultuur"),
        ("Het zijn geen cr1minelen.", "vijandige_indringer", "cr1minelen"),
    ],
)
def test_words_of_the_frame_are_seen(frames: FrameSet, text: str, frame: str, word: str) -> None:
    (remark,) = remarks(text, frames, frame)
    assert word in remark
    assert frames.names[frame] in remark
    assert remarks(text, frames) == ()  # only the frames of this reaction count


def test_the_name_of_the_municipality_s_mailbox_is_no_mention(frames: FrameSet) -> None:
    found = check_draft("Mail naar info@gemeente.example.", frames=frames, detected=())
    assert not any("vermeldt" in remark for remark in found)
