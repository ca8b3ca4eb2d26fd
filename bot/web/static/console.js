// Makes the console livelier. Everything works without it too. No text of a message is ever put in as HTML here: parts of
// a page are only ever replaced by the same parts of a page that our own server made.
"use strict";
document.documentElement.classList.add("met-script");

const by = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const live = () => by("#levend");
const words = (count, one, many) => `${count} ${count === 1 ? one : many}`;
const length = (text) => [...text].length; // characters as the server counts them

// ── what is typed ──────────────────────────────────────────────────────────────────────────────────────────────────
const changed = (field) =>
  field.tagName === "SELECT" ? ![...field.options].every((o) => o.selected === o.defaultSelected || !field.querySelector("[selected]"))
    : field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
const busy = () => all("textarea, input:not([type=hidden]), select", live())
  .some((field) => !field.readOnly && (field === document.activeElement || changed(field)));

function measure(area) {
  const output = document.getElementById(area.dataset.lengte);
  const count = length(area.value.trim()), most = Number(area.dataset.grens);
  output.textContent = `${count} van ${most} tekens` + (count > most ? ": te lang" : "");
  output.classList.toggle("te-lang", count > most);
}

function followEdit(area) {
  const form = area.closest(".antwoordformulier");
  const approve = form && by("[data-ongewijzigd]", form);
  if (!approve) return;
  const edited = area.value.trim() !== area.defaultValue.trim();
  approve.hidden = edited;
  const other = by("[data-gewijzigd]", form);
  other.hidden = !edited;
  other.classList.add("hoofd");
}

let checking;
function check(area) {
  clearTimeout(checking);
  if (!area.dataset.nakijken) return;
  checking = setTimeout(async () => {
    const body = new URLSearchParams({ text: area.value });
    const page = await part(area.dataset.nakijken, { method: "POST", body });
    const fresh = page && by("#opmerkingen", page), old = by("#opmerkingen");
    if (fresh && old && body.get("text") === area.value) old.replaceChildren(...fresh.childNodes);
  }, 700);
}

function followRule(select) {
  const area = document.getElementById(select.dataset.regels);
  const field = area.dataset.veld;
  const prepared = [...select.options].map((option) => (option.dataset[field] || "").trim());
  if (area.value.trim() && !prepared.includes(area.value.trim())) return; // somebody's own words stay
  area.value = select.selectedOptions[0].dataset[field] || "";
  if (area.dataset.lengte) measure(area);
}

document.addEventListener("input", (event) => {
  const area = event.target;
  if (area.dataset.lengte) measure(area);
  if (area.id === "antwoord") { followEdit(area); check(area); }
});
document.addEventListener("change", (event) => { if (event.target.dataset.regels) followRule(event.target); });
document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  leaving = true; // what is typed goes along with the form
  const area = by("#antwoord");
  if (area && changed(area) && event.target.action.endsWith("/ander_voorstel")) {
    if (!confirm("Uw aangepaste tekst gaat dan verloren. Toch een ander voorstel tonen?")) { event.preventDefault(); leaving = false; }
  }
});
let leaving = false;
addEventListener("pageshow", () => { leaving = false; });

// ── counting down ──────────────────────────────────────────────────────────────────────────────────────────────────
const deadlines = new WeakMap();
function tick() {
  for (const element of all("[data-aftellen]")) {
    if (!deadlines.has(element)) deadlines.set(element, Date.now() + Number(element.dataset.aftellen) * 1000);
    const seconds = Math.max(Math.ceil((deadlines.get(element) - Date.now()) / 1000), 0);
    const minutes = Math.floor(seconds / 60), rest = seconds % 60;
    element.textContent = minutes
      ? words(minutes, "minuut", "minuten") + (rest ? ` en ${words(rest, "seconde", "seconden")}` : "")
      : words(seconds, "seconde", "seconden");
  }
}
setInterval(tick, 500);

// ── live updates ───────────────────────────────────────────────────────────────────────────────────────────────────
async function part(address, options = {}) {
  try {
    const answer = await fetch(address, { ...options, headers: { "X-Verbinder-Deel": "1" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch { return null; } // the stream tells again
}

function tell(text, address) {
  const news = by("#nieuws");
  news.textContent = text + " ";
  if (address) news.append(Object.assign(document.createElement("a"), { href: address, textContent: "Ververs de pagina" }));
  news.hidden = false;
}

function dress() {
  for (const area of all("[data-lengte]")) measure(area);
  const answer = by("#antwoord");
  if (answer) followEdit(answer);
  tick();
}

async function renew() {
  const page = await part(location.pathname + location.search);
  const fresh = page && by("#levend", page);
  if (!fresh || leaving) return;
  const old = live();
  if (busy()) {
    for (const piece of all("[data-stuk]", old)) {
      const other = by(`#${piece.id}`, fresh);
      if (other && !piece.contains(document.activeElement)) piece.replaceWith(other);
    }
    old.dataset.stempel = fresh.dataset.stempel;
    tell("Hier is intussen iets veranderd. Wat u typte, blijft staan.", location.href);
  } else {
    const open = all("details[open][id]", old).map((item) => item.id);
    const focus = document.activeElement;
    const again = old.contains(focus) && (focus.id ? `#${CSS.escape(focus.id)}` : focus.matches("a[href]") ? `a[href="${CSS.escape(focus.getAttribute("href"))}"]` : null);
    old.replaceWith(fresh);
    for (const id of open) { const item = document.getElementById(id); if (item) item.open = true; }
    if (again) by(again, fresh)?.focus({ preventScroll: true });
  }
  dress();
}

let renewing = null, once = false;
function renewSoon() {
  if (renewing) { once = true; return; }
  renewing = renew().finally(() => { renewing = null; if (once) { once = false; renewSoon(); } });
}

let stream = null;
function listen() {
  if (stream || !("aangemeld" in document.body.dataset)) return;
  stream = new EventSource(`/stroom?blad=${encodeURIComponent(live().dataset.blad || "")}`);
  stream.addEventListener("stand", (event) => {
    const news = JSON.parse(event.data);
    const total = by("[data-teller]"), count = news.meldingen + news.voorstellen;
    if (total) { total.textContent = count; total.setAttribute("aria-label", `${count} wachten`); }
    if (live().dataset.blad && news.stempel !== live().dataset.stempel) renewSoon();
  });
  stream.addEventListener("afgemeld", () => { hush(); tell("U bent afgemeld. Bewaar eerst wat u typte.", "/aanmelden"); });
}
function hush() { stream?.close(); stream = null; }
// A browser keeps few connections open to one address: a page in the background listens no longer.
document.addEventListener("visibilitychange", () => (document.hidden ? hush() : listen()));
addEventListener("pagehide", hush);

// ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const KEYS_OFF = "verbinder-toetsen-uit";
const recall = () => { try { return localStorage.getItem(KEYS_OFF); } catch { return null; } };
const switchBox = by("#toetsen-aan"), keysWindow = by("#toetsen-venster");
if (switchBox) {
  switchBox.checked = !recall();
  switchBox.addEventListener("change", () => {
    try { switchBox.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"); } catch { /* private mode */ }
  });
}
const shown = (element) => element && !element.disabled && element.checkVisibility();
const showKeys = () => { if (keysWindow && !keysWindow.open) keysWindow.showModal(); };
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-opent]");
  if (link && keysWindow) { event.preventDefault(); showKeys(); }
});

function step(by_) {
  const links = all("[data-item]").map((item) => by("[data-open]", item));
  if (!links.length) return;
  const here = links.findIndex((link) => link.closest("[data-item]").contains(document.activeElement));
  const next = here < 0 ? (by_ > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by_, 0), links.length - 1);
  links[next].focus();
}
function edit() {
  const area = by('textarea[data-toets="e"]');
  if (shown(area)) { area.focus(); area.scrollIntoView({ block: "center" }); return; }
  const item = document.activeElement?.closest("[data-item]");
  if (item) location.href = by("[data-open]", item).href + "#antwoord";
}
const KEYS = {
  j: () => step(1), k: () => step(-1), e: edit, "?": showKeys,
  a: () => all('button[data-toets="a"]').find(shown)?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || keysWindow?.open || recall()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const act = KEYS[event.key];
  if (act && "aangemeld" in document.body.dataset) { event.preventDefault(); act(); }
});

dress();
if (location.hash === "#antwoord") by("#antwoord")?.focus();
listen();
