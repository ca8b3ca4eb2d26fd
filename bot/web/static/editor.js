// The editor of the house rules: line numbers, remarks in their place, checking while somebody types. Uses the helpers of
// console.js. What is typed is only ever shown as text; lists of remarks are parts of pages that our own server made.
"use strict";
{
  const WAIT = 700; // milliseconds without a key before the text is checked
  const form = by("#bewerken"), area = by("#tekst"), place = by("#plek");
  const gutter = by(".goot"), under = by(".onderlaag");
  const numbers = document.createElement("div"), marks = document.createElement("div");
  const BREAK = /\r\n|[\n\r\x85\u2028\u2029]/g; // where the checker begins a new line

  // ── places ─────────────────────────────────────────────────────────────────────────────────────────────────────
  // Lines and columns count from 1, columns in characters as the server counts them.
  function offsetOf(text, line, column) {
    let start = 0, passed = 1;
    BREAK.lastIndex = 0;
    while (passed < line && BREAK.exec(text)) { start = BREAK.lastIndex; passed += 1; }
    let offset = start;
    for (let left = column - 1; left > 0 && offset < text.length && text[offset] !== "\n"; left -= 1) {
      offset += text.codePointAt(offset) > 0xffff ? 2 : 1;
    }
    return offset;
  }
  const shownLine = (text, offset) => text.slice(0, offset).split("\n").length;
  function wordAt(text, offset) {
    const length = /^[^\s,\]}]*/.exec(text.slice(offset, offset + 80))[0].length;
    return offset + Math.max(length, 1);
  }

  // ── what is marked ─────────────────────────────────────────────────────────────────────────────────────────────
  let remarks = []; // { start, end, line, level, said, element }
  function read() {
    const text = area.value;
    remarks = all("#bevindingen .diagnose[data-bestand='']").map((item) => {
      const start = offsetOf(text, Number(item.dataset.lijn), Number(item.dataset.kolom));
      const said = by(".melding-tekst", item).textContent;
      return { start, end: wordAt(text, start), line: shownLine(text, start), level: item.dataset.soort, said, item };
    }).sort((one, other) => one.start - other.start);
    const wrong = remarks.some((remark) => remark.level === "fout");
    wrong ? area.setAttribute("aria-invalid", "true") : area.removeAttribute("aria-invalid");
    number(true);
    underline();
    where();
  }

  const span = (kind, text) => Object.assign(document.createElement("span"), { className: kind, textContent: text });
  let counted = 0;
  function number(again = false) {
    const count = area.value.split("\n").length;
    if (count === counted && !again) return;
    counted = count;
    const levels = new Map();
    for (const { line, level } of remarks) if (levels.get(line) !== "fout") levels.set(line, level);
    const pieces = [];
    let plain = "";
    for (let line = 1; line <= count; line += 1) {
      const level = levels.get(line);
      if (level) { pieces.push(plain, span(level, `${level === "fout" ? "✕" : "!"} ${line}`), "\n"); plain = ""; }
      else plain += `${line}\n`;
    }
    numbers.replaceChildren(...pieces, plain);
    gutter.style.minWidth = `${String(count).length + 2.6}ch`;
  }

  function underline() {
    const text = area.value, pieces = [];
    let at = 0;
    for (const remark of remarks) {
      if (remark.start < at) { remark.element = pieces.at(-1); continue; }
      remark.element = span(`krul ${remark.level}`, text.slice(remark.start, remark.end) || " ");
      pieces.push(text.slice(at, remark.start), remark.element);
      at = remark.end;
    }
    marks.replaceChildren(...pieces);
  }

  function follow() {
    numbers.style.transform = `translateY(${-area.scrollTop}px)`;
    marks.style.transform = `translate(${-area.scrollLeft}px, ${-area.scrollTop}px)`;
  }

  function where() {
    const before = area.value.slice(0, area.selectionStart), line = before.split("\n").length;
    const column = length(before.slice(before.lastIndexOf("\n") + 1)) + 1;
    const here = remarks.filter((remark) => remark.line === line).map((remark) => `${remark.level}: ${remark.said}`);
    place.textContent = [`Lijn ${line}, kolom ${column}`, ...here].join(" · ");
  }

  function go(start, end) {
    const height = parseFloat(getComputedStyle(area).lineHeight);
    area.focus({ preventScroll: true });
    area.setSelectionRange(start, end);
    area.scrollTop = Math.max((shownLine(area.value, start) - 6) * height, 0);
    const left = remarks.find((remark) => remark.start === start)?.element?.offsetLeft ?? 0;
    area.scrollLeft = left > area.clientWidth - 60 ? left - area.clientWidth / 2 : 0;
    area.scrollIntoView({ block: "nearest" });
    follow();
    where();
  }

  function goToList({ bestand, lijn, kolom }) {
    const list = form.elements.namedItem(`lijst:${bestand}`), start = offsetOf(list.value, Number(lijn), Number(kolom));
    list.closest("details").open = true;
    list.focus();
    list.setSelectionRange(start, wordAt(list.value, start));
    list.scrollTop = Math.max((shownLine(list.value, start) - 6) * parseFloat(getComputedStyle(list).lineHeight), 0);
  }

  // ── checking ───────────────────────────────────────────────────────────────────────────────────────────────────
  const filled = () => new URLSearchParams(new FormData(form));
  let waiting, asking = false, again = false;
  function checkSoon() { clearTimeout(waiting); waiting = setTimeout(checkNow, WAIT); }
  async function checkNow() {
    clearTimeout(waiting);
    if (asking) { again = true; return; }
    asking = true;
    const state = by("#nakijkstand"), text = area.value;
    const page = await part(area.dataset.nakijken, { method: "POST", body: filled() });
    asking = false;
    const fresh = page && by("#bevindingen", page);
    if (!fresh) state.textContent = "Nakijken lukt nu niet. Uw tekst staat hier nog.";
    else if (text === area.value) {
      by("#bevindingen").replaceWith(fresh);
      if (state.textContent !== fresh.dataset.samenvatting) state.textContent = fresh.dataset.samenvatting;
      read();
    }
    if (again || (fresh && text !== area.value)) { again = false; checkSoon(); }
  }

  async function why() {
    const state = by("#voorbeeldstand");
    state.textContent = "Even kijken…";
    const page = await part("/regels/bewerken/voorbeeld", { method: "POST", body: filled() });
    const fresh = page && by("#voorbeelduitslag", page);
    state.textContent = fresh ? "De uitleg staat hieronder." : "Dat lukt nu niet. Uw tekst staat hier nog.";
    if (fresh) by("#voorbeelduitslag").replaceWith(fresh);
  }

  // ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────
  function put(text, start = area.selectionStart, end = area.selectionEnd) {
    area.setSelectionRange(start, end);
    if (!document.execCommand("insertText", false, text)) { // keeps what can be undone
      area.setRangeText(text, start, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  function indent(back) {
    const text = area.value, { selectionStart: start, selectionEnd: end } = area;
    const from = text.lastIndexOf("\n", start - 1) + 1;
    if (!back && !text.slice(start, end).includes("\n")) { put(" ".repeat(2 - ((start - from) % 2))); return; }
    const lines = text.slice(from, end).split("\n");
    const moved = lines.map((line) => (back ? line.replace(/^ {1,2}/, "") : line && `  ${line}`)).join("\n");
    if (moved === text.slice(from, end)) return;
    put(moved, from, end);
    area.setSelectionRange(lines.length > 1 ? from : Math.max(start - 2, from), from + moved.length);
  }
  let leaves = false; // Escape was pressed: the next Tab goes to the next control
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { leaves = true; return; }
    if (event.key === "Tab" && !leaves && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      indent(event.shiftKey);
    } else if (event.key === "Enter" && !event.isComposing && area.selectionStart === area.selectionEnd) {
      const before = area.value.slice(0, area.selectionStart);
      const spaces = /^ */.exec(before.slice(before.lastIndexOf("\n") + 1))[0];
      if (spaces) { event.preventDefault(); put(`\n${spaces}`); }
    }
    if (event.key !== "Shift") leaves = false;
  });
  area.addEventListener("blur", () => { leaves = false; });

  // ── leaving ────────────────────────────────────────────────────────────────────────────────────────────────────
  let sent = false;
  const unsaved = () => "onbewaard" in form.dataset
    || ["#tekst", "[data-woordenlijst]", "#notitie"].some((selector) => all(selector).some(changed));
  addEventListener("beforeunload", (event) => { if (!sent && unsaved()) { event.preventDefault(); event.returnValue = ""; } });
  form.addEventListener("submit", () => {
    form.elements.plaats.value = `${area.selectionStart} ${area.scrollTop}`;
    sent = true;
  });
  addEventListener("pageshow", () => { sent = false; });

  // ── starting ───────────────────────────────────────────────────────────────────────────────────────────────────
  gutter.replaceChildren(numbers);
  under.replaceChildren(marks);
  for (const element of [gutter, under, place, by(".met-toetsen")]) element.hidden = false;
  area.addEventListener("input", () => { number(); underlineSoon(); checkSoon(); });
  // What was marked may stand elsewhere now: no mark is better than one in the wrong place.
  function underlineSoon() { if (remarks.length) { marks.replaceChildren(); } follow(); where(); }
  area.addEventListener("scroll", follow);
  document.addEventListener("selectionchange", () => { if (document.activeElement === area) where(); });
  for (const list of all("[data-woordenlijst]")) list.addEventListener("input", checkSoon);
  by("[data-controleer]").addEventListener("click", (event) => { event.preventDefault(); checkNow(); });
  by("[data-waarom]").addEventListener("click", (event) => { event.preventDefault(); why(); });
  for (const field of all("#omstandigheden input")) {
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); why(); } });
  }
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-spring]");
    const remark = link && remarks.find(({ item }) => item.contains(link));
    if (remark) go(remark.start, remark.end);
    else if (link) goToList(link.closest(".diagnose").dataset);
    if (link) event.preventDefault();
  });
  const [caret, top] = form.elements.plaats.value.split(" ").map(Number);
  if (caret || top) { area.setSelectionRange(caret, caret); area.scrollTop = top; }
  read();
  follow();
  if (!all("#bevindingen .oordeelregel").length) checkNow();
}
