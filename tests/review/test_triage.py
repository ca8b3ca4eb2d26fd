"""What waits in the inbox is judged, and what a person should see becomes a case."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.analysis import Analysis
from bot.core.audit import AuditName
from bot.core.cases import CaseKind, CaseState
from bot.core.findings import Effect, RuleHit, RulesResult, Severity
from bot.core.messages import Deleted, Incoming, Message
from bot.review.triage import MAX_ATTEMPTS, Triage, cases_of
from bot.store.schema import cases, revisions
from tests.builders import NOON, Services, judge_by_words, message, post, verdict
from tests.review.looking import all_cases, counted, everything, log, rows

MINUTE = timedelta(minutes=1)


def triage_with(services: Services, analyse: Callable[[Message], Analysis]) -> Triage:
    return Triage(
        services.database, services.clock, services.bulletin, analyse, raid_window=timedelta(hours=1)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "desks", "outcome"),
    [
        ("alarm", [CaseKind.ALERT], "judged_alert"),
        ("een vraag", [CaseKind.REPLY], "judged_suggestion"),
        ("alarm en een vraag", [CaseKind.ALERT, CaseKind.REPLY], "judged_alert"),
        ("dag allemaal", [], "judged_nothing"),
    ],
)
async def test_a_verdict_opens_its_cases_and_is_counted(
    services: Services, text: str, desks: list[CaseKind], outcome: str
) -> None:
    await services.receive(message(text))
    assert [case.kind for case in await all_cases(services)] == desks
    judged = {name: value for name, value in (await counted(services)).items() if name.startswith("judged_")}
    assert judged == {outcome: 1}
    assert [event.data["kind"] for event in await log(services, AuditName.CASE_OPENED)] == desks


async def test_an_alert_carries_severity_and_reasons_and_no_suggestion(services: Services) -> None:
    await services.receive(message("alarm en een vraag"))
    alert, reply = await all_cases(services)
    assert (alert.severity, alert.suggestions) == (Severity.HIGH, ())
    assert alert.reasons == ("Huisregel 2 (Respect): scheldt iemand uit.",)
    assert [suggestion.text for suggestion in reply.suggestions] == [
        "Dank u voor uw vraag.",
        "Fijn dat u dit vraagt.",
        "Goed punt.",
    ]
    assert alert.siblings == (reply.id,)
    assert reply.siblings == (alert.id,)


async def test_what_was_not_evaluated_is_said_to_moderators() -> None:
    analysis = verdict(alert=True, reply=True, not_evaluated=("toxiciteit",))
    alert, reply = cases_of(1, 1, analysis)
    assert (alert.kind, alert.not_evaluated) == (CaseKind.ALERT, ("toxiciteit",))
    assert (reply.kind, reply.not_evaluated) == (CaseKind.REPLY, ())


async def test_a_verdict_is_kept_whole_with_the_revision(services: Services) -> None:
    await services.receive(message("alarm"))
    case = await services.one(CaseKind.ALERT)
    assert case.analysis == judge_by_words(message("alarm"))


async def test_the_log_says_under_which_versions_was_judged(services: Services) -> None:
    await services.receive(message("dag"))
    (event,) = await log(services, AuditName.ANALYSIS_DONE)
    assert event.data == {"rules": "hash-of-rules", "scorer": "embedded 1", "normaliser": "1"}


async def test_the_oldest_is_judged_first_and_each_once(services: Services) -> None:
    seen: list[str] = []

    def analyse(judged: Message) -> Analysis:
        seen.append(judged.ref.message_id)
        return judge_by_words(judged)

    triage = triage_with(services, analyse)
    await services.intake.receive_all([message(id=str(number)) for number in range(101, 161)])
    assert await triage.pending() == 60
    while await triage.run_once():
        pass
    assert seen == [str(number) for number in range(101, 161)]
    assert await triage.pending() == 0


async def test_the_text_of_the_post_is_given_to_the_analysis(services: Services) -> None:
    seen: list[tuple[str, str]] = []

    def analyse(judged: Message) -> Analysis:
        seen.append((judged.text, judged.post_text))
        return verdict()

    await services.intake.receive_all(
        [
            post("Nieuw zwembad", id="100"),
            message("Waar?", id="101", post_id="100"),
            message("En wanneer?", id="102", reply_to="101"),  # an answer to an answer stands under the same post
            message("Los van alles", id="103"),
            message("Van een post die we nooit zagen", id="104", post_id="99"),
            message("Nieuw zwembad in mei", id="100", author="gemeente", kind=post().kind, edited_at=NOON + MINUTE),
            message("Te duur!", id="105", post_id="100"),
        ]
    )
    await triage_with(services, analyse).run_once()
    assert seen == [
        ("Waar?", "Nieuw zwembad in mei"),
        ("En wanneer?", "Nieuw zwembad in mei"),
        ("Los van alles", ""),
        ("Van een post die we nooit zagen", ""),
        ("Te duur!", "Nieuw zwembad in mei"),
    ]


async def test_everything_that_was_received_is_there_to_judge_but_no_name(services: Services) -> None:
    seen: list[Message] = []

    def analyse(judged: Message) -> Analysis:
        seen.append(judged)
        return verdict()

    sent = message(
        "Kijk", quoted="een ander", forwarded="elders", attachments=("photo",), thread_id="5", link="https://x/1"
    )
    await services.intake.receive(sent)
    await triage_with(services, analyse).run_once()
    (judged,) = seen
    assert (judged.ref, judged.text, judged.sent_at) == (sent.ref, sent.text, sent.sent_at)
    assert (judged.quoted, judged.forwarded, judged.attachments) == ("een ander", "elders", ("photo",))
    assert (judged.thread_id, judged.link) == ("5", "https://x/1")
    assert (judged.author.name, judged.author.id) == ("", services.intake.author_key("demo", "u1"))


async def test_an_overtaken_revision_is_skipped(services: Services) -> None:
    seen: list[str] = []

    def analyse(judged: Message) -> Analysis:
        seen.append(judged.text)
        return judge_by_words(judged)

    await services.intake.receive_all([message("alarm"), message("dag", edited_at=NOON + MINUTE)])
    triage = triage_with(services, analyse)
    while await triage.run_once():
        pass
    assert seen == ["dag"]
    assert [row.state for row in await rows(services, revisions)] == ["skipped", "done"]
    assert await all_cases(services) == []


async def test_a_message_deleted_before_it_was_judged_opens_nothing(services: Services) -> None:
    await services.intake.receive_all([message("alarm"), Deleted(message().ref, NOON)])
    while await services.triage.run_once():
        pass
    assert await all_cases(services) == []
    assert [row.state for row in await rows(services, revisions)] == ["skipped"]


@pytest.mark.parametrize("meanwhile", [message("dag", edited_at=NOON + MINUTE), Deleted(message().ref, NOON)])
async def test_what_changes_while_it_is_being_judged_opens_no_case(services: Services, meanwhile: Incoming) -> None:
    loop = asyncio.get_running_loop()

    def analyse(judged: Message) -> Analysis:
        if judged.text == "alarm":
            asyncio.run_coroutine_threadsafe(services.intake.receive(meanwhile), loop).result(timeout=10)
        return judge_by_words(judged)

    triage = triage_with(services, analyse)
    await services.intake.receive(message("alarm"))
    while await triage.run_once():
        pass
    assert await all_cases(services) == []
    assert await triage.pending() == 0


async def test_two_that_judge_the_same_reaction_open_one_case(services: Services) -> None:
    await services.intake.receive(message("alarm"))
    other = triage_with(services, judge_by_words)
    await asyncio.gather(services.triage.run_once(), other.run_once())
    assert len(await all_cases(services)) == 1
    assert len(await log(services, AuditName.ANALYSIS_DONE)) == 1


async def test_a_judge_that_keeps_falling_over_becomes_a_case_that_says_not_evaluated(services: Services) -> None:
    await services.intake.receive(message("crash"))
    for attempt in range(1, MAX_ATTEMPTS):
        await services.triage.run_once()
        (revision,) = await rows(services, revisions)
        assert (revision.state, revision.attempts) == ("pending", attempt)
        assert await all_cases(services) == [], "it may still succeed"
    await services.triage.run_once()
    case = await services.one(CaseKind.ALERT)
    assert case.not_evaluated == ("alles",)
    assert case.reasons == ("Niet beoordeeld: het programma kon deze reactie niet verwerken. Bekijk ze zelf.",)
    assert case.severity is Severity.MODERATE
    assert (await rows(services, revisions))[0].state == "failed"
    assert [event.data for event in await log(services, AuditName.ANALYSIS_FAILED)] == [{"attempts": 3}]
    assert await services.triage.run_once() == 0


async def test_a_text_that_went_away_while_the_judge_fell_over_opens_no_case(services: Services) -> None:
    loop = asyncio.get_running_loop()
    reaction = message("crash")

    def analyse(judged: Message) -> Analysis:
        gone = services.intake.receive(Deleted(reaction.ref, NOON))
        asyncio.run_coroutine_threadsafe(gone, loop).result(timeout=10)
        raise RuntimeError("the judge fell over")

    triage = triage_with(services, judge_by_words)
    await services.intake.receive(reaction)
    for _ in range(MAX_ATTEMPTS - 1):
        await triage.run_once()
    await triage_with(services, analyse).run_once()
    assert await all_cases(services) == []
    await triage.run_once()
    assert [revision.state for revision in await rows(services, revisions)] == ["skipped"]


async def test_a_judge_that_stumbles_once_is_asked_again(services: Services) -> None:
    stumbles = [RuntimeError("even niet")]

    def analyse(judged: Message) -> Analysis:
        if stumbles:
            raise stumbles.pop()
        return judge_by_words(judged)

    triage = triage_with(services, analyse)
    await services.intake.receive(message("alarm"))
    while await triage.run_once():
        pass
    (case,) = await all_cases(services)
    assert case.not_evaluated == ()
    assert case.analysis is not None


async def test_one_reaction_that_cannot_be_judged_holds_up_no_other(services: Services) -> None:
    await services.intake.receive_all([message("crash", id="101"), message("alarm", id="102")])
    await services.triage.run_once()
    (case,) = await all_cases(services)
    assert case.message.text == "alarm"


async def test_a_rule_that_runs_in_the_shadow_is_counted_and_opens_nothing(services: Services) -> None:
    def hit(rule_id: str, status: str) -> RuleHit:
        return RuleHit(rule_id, "", "", Severity.LOW, status, frozenset({Effect.ALERT_MODERATOR}), "")

    def analyse(judged: Message) -> Analysis:
        base = verdict()
        rules = RulesResult("h", (hit("schreeuwen", "schaduw"), hit("x" * 60, "schaduw"), hit("links", "actief")))
        return Analysis(base.language, base.toxicity, base.framing, rules, base.decision)

    await services.intake.receive(message("HALLO"))
    await triage_with(services, analyse).run_once()
    shadow = {name: value for name, value in (await counted(services)).items() if name.startswith("shadow")}
    assert shadow == {"shadow:schreeuwen": 1, ("shadow:" + "x" * 60)[:40]: 1}
    assert await all_cases(services) == []


async def test_verdict_case_and_log_commit_together(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> int:
        raise OSError("the disk is full")

    await services.intake.receive(message("alarm"))
    before = await everything(services)
    with monkeypatch.context() as patch:
        patch.setattr("bot.store.casebook.open_case", broken)
        with pytest.raises(OSError, match="disk"):
            await services.triage.run_once()
    assert await everything(services) == before
    await services.triage.run_once()
    assert (await services.one(CaseKind.ALERT)).state is CaseState.OPEN


async def test_the_worker_wakes_up_for_what_comes_in_and_rings_for_its_case(services: Services) -> None:
    worker = asyncio.create_task(services.triage.run())
    await asyncio.sleep(0.05)  # it found nothing and waits
    await services.intake.receive(message("alarm"))
    async with asyncio.timeout(1.5):  # less than its own time of looking again
        while not await rows(services, cases):
            await asyncio.sleep(0.01)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
