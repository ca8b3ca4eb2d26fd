"""Which tests of this room stand for which trap: mistakes of comparable programs that this one must not make.

The numbers are those that the code's own docstrings and comments use. A trap that lies in another room (text, rules,
channels, jobs, erasure) is tested there.
"""

from __future__ import annotations

import importlib

import pytest

TRAPS = {
    "1. two press at once: one effect, the other sees who decided what": [
        "test_desk_together.test_of_two_decisions_one_counts_and_the_other_person_hears_which",
        "test_desk_together.test_of_ten_who_approve_at_once_one_reply_is_sent",
        "test_desk_together.test_undoing_and_sending_at_once_end_in_one_of_the_two",
        "test_desk_answering.test_a_card_that_shows_an_older_suggestion_does_not_approve_the_newer",
    ],
    "2. a claimed and forgotten case is not lost": [
        "test_desk_claims.test_a_claim_that_ran_out_holds_nobody_back",
        "test_desk_claims.test_a_held_case_stays_in_the_queue",
    ],
    "3. a mis-tap can be undone before it takes effect": [
        "test_desk_undo.test_a_decision_is_taken_back_within_the_grace_time",
        "test_desk_undo.test_what_was_sent_cannot_be_taken_back",
        "test_dispatch.test_nothing_leaves_within_the_grace_time",
    ],
    "5. an action from a button is the person's, not the bot's": [
        "test_desk_rights.test_a_decision_is_the_persons_wherever_they_pressed",
    ],
    "6. 'this is fine' stays until the text is edited": [
        "test_desk_moderating.test_what_was_found_fine_is_not_reopened_when_it_is_received_again",
        "test_desk_moderating.test_what_was_found_fine_is_judged_anew_when_its_text_is_edited",
    ],
    "7. author and text are checked again just before a deletion": [
        "test_dispatch.test_nothing_that_was_edited_is_removed",
        "test_dispatch.test_nothing_is_removed_that_the_platform_says_is_another_text_or_anothers",
        "test_dispatch.test_a_removal_carries_what_the_platform_has_to_compare",
    ],
    "10. a judge that fails is not evaluated, never clean": [
        "test_triage.test_a_judge_that_keeps_falling_over_becomes_a_case_that_says_not_evaluated",
        "test_triage.test_what_was_not_evaluated_is_said_to_moderators",
    ],
    "16. a raid of a hundred is one alert that counts them": [
        "test_raids.test_a_hundred_like_messages_are_one_alert_that_counts_them",
        "test_raids.test_when_the_first_of_a_raid_goes_the_alert_is_about_the_next",
        "test_desk_together.test_a_raid_that_grows_while_it_is_decided_loses_nobody",
    ],
    "19. a button fits in 64 bytes and works after a restart": [
        "test_callback.test_a_button_says_what_it_was_given_in_64_bytes",
        "test_cardkeeper.test_after_a_restart_no_card_is_posted_again",
    ],
    "21. a platform's errors": [
        "test_dispatch_trouble.test_a_rate_limit_waits_as_long_as_it_says",
        "test_dispatch_trouble.test_what_fails_for_now_is_tried_again_with_longer_and_longer_waits",
        "test_dispatch_trouble.test_a_missing_permission_tells_administrators_which",
    ],
    "22. a long outage is reported as a gap with its times": [
        "test_intake.test_a_stretch_that_may_be_missing_becomes_a_notice_with_its_times",
    ],
    "25. a reply to what was deleted goes back with the reason": [
        "test_dispatch.test_no_reply_is_placed_under_what_changed_or_went_meanwhile",
        "test_dispatch.test_a_reply_to_what_only_the_platform_knows_is_gone_comes_back_too",
    ],
    "26. what comes in is stored before it is confirmed; the unreadable is kept and stepped over": [
        "test_intake.test_an_item_that_fails_leaves_neither_message_nor_cursor",
        "test_intake.test_what_cannot_be_read_is_kept_raw_reported_and_stepped_over",
    ],
    "28. a reply is sent once, whatever dies on the way": [
        "test_dispatch_unsure.test_a_process_that_died_while_sending_is_survived_with_one_reply",
        "test_dispatch_unsure.test_where_the_channel_cannot_tell_the_reply_goes_back_and_is_not_sent_again",
        "test_dispatch_unsure.test_where_the_channel_may_not_look_nobody_is_told_that_nothing_was_placed",
    ],
    "30. an edit may come without a change of text": [
        "test_intake_edits.test_an_edit_without_a_change_of_text_adds_nothing",
    ],
}


@pytest.mark.parametrize("trap", TRAPS)
def test_the_tests_of_a_trap_are_there(trap: str) -> None:
    for name in TRAPS[trap]:
        module, _, test = name.partition(".")
        assert callable(getattr(importlib.import_module(f"tests.review.{module}"), test, None)), name
