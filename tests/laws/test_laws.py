"""The laws of the architecture, each with the tests that hold it up; those of this folder go end to end.

1. Nothing is posted or removed without a named person.
2. A frame never removes.
3. Unknown is not clean.
4. A person outranks the program.
5. Nothing is lost, nothing is done twice.
6. Every decision can be explained later.
7. A bad file never takes down a good one.
8. Untrusted text stays text.
"""

from __future__ import annotations

import importlib
import re

import pytest

HELD_UP_BY: dict[int, tuple[str, ...]] = {
    1: (
        "laws.test_no_effect_without_a_person.test_no_reaction_whatever_it_says_sets_anything_in_motion",
        "laws.test_no_effect_without_a_person.test_every_effect_leads_back_to_a_person",
        "laws.test_no_effect_without_a_person.test_only_the_desk_decides_and_only_decisions_fill_the_outbox",
        "review.test_desk_rights.test_an_action_is_done_in_the_right_hands_and_refused_in_the_wrong",
        "core.test_policy.test_findings_add_up",
    ),
    2: (
        "laws.test_frames_never_remove.test_no_frame_can_be_given_another_effect_than_a_mark_or_a_reply",
        "laws.test_frames_never_remove.test_frames_of_the_town_ask_for_nothing_else",
        "core.test_policy.test_no_frame_tone_or_tension_ever_alerts_or_removes",
        "rules.test_schema.test_the_schema_gives_a_frame_no_removing_or_alerting_effect",
    ),
    3: (
        "laws.test_unknown_is_not_clean.test_what_could_not_be_judged_reaches_a_person_who_is_told_so",
        "laws.test_unknown_is_not_clean.test_a_scorer_that_hangs_is_not_waited_for_and_not_taken_for_clean",
        "analysis.test_analysis.test_a_part_that_fails_is_named_and_the_rest_goes_on",
        "core.test_policy.test_every_failed_check_is_named",
    ),
    4: (
        "laws.test_people_outrank.test_what_a_person_settled_is_not_reopened_by_anything_the_program_finds",
        "laws.test_people_outrank.test_a_new_text_is_a_new_question",
        "review.test_desk_moderating.test_what_was_found_fine_is_not_reopened_when_it_is_received_again",
    ),
    5: (
        "laws.test_nothing_lost.test_a_reaction_is_stored_before_it_is_judged_and_judged_when_it_can_be",
        "laws.test_nothing_lost.test_what_is_killed_between_the_case_and_the_state_is_judged_once",
        "laws.test_nothing_lost.test_a_decision_is_carried_out_once_however_often_the_outbox_is_looked_at",
        "review.test_desk_together.test_decision_effects_and_log_commit_together_or_not_at_all",
        "store.test_outbox.test_an_effect_waits_with_a_key_of_its_own",
        "store.test_inbox.test_a_message_is_stored_once_however_often_it_comes",
        "review.test_dispatch_unsure.test_a_process_that_died_while_sending_is_survived_with_one_reply",
    ),
    6: (
        "laws.test_explained_later.test_a_decision_keeps_who_when_what_they_changed_and_under_which_versions",
        "laws.test_explained_later.test_versions_say_which_engine_judged",
        "store.test_audit.test_a_changed_line_is_found",
    ),
    7: (
        "laws.test_bad_files.test_a_bad_rule_file_is_refused_with_the_place_of_every_mistake",
        "laws.test_bad_files.test_a_rule_file_that_fails_its_own_examples_is_refused",
        "rules.test_any_bytes.test_any_bytes_are_refused_or_accepted_in_good_order",
    ),
    8: (
        "laws.test_text_stays_text.test_hostile_words_are_words_on_every_face",
        "web.test_hostile_text.test_a_hostile_reaction_is_text_on_every_page",
        "channels.discord.test_plain.test_trap_15_nothing_is_interpreted",
        "channels.telegram.test_telegram_cards.test_trap_15_no_mention_or_command_of_a_resident_fires",
        "store.test_inbox.test_any_text_is_stored_with_its_length_and_known_again",
    ),
}


def test_every_law_is_held_up() -> None:
    written = [int(number) for number in re.findall(r"^(\d)\. ", __doc__ or "", re.MULTILINE)]
    assert written == sorted(HELD_UP_BY) == list(range(1, 9))


@pytest.mark.parametrize("name", [name for names in HELD_UP_BY.values() for name in names])
def test_the_test_that_holds_a_law_up_is_there(name: str) -> None:
    module, _, test = name.rpartition(".")
    assert callable(getattr(importlib.import_module(f"tests.{module}"), test, None)), name
