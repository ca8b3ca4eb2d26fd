// The threshold chart: takes the row of the chosen threshold from the table that our server made. It computes nothing and
// writes no words of its own. Without it, the button beside the slider does the same.
"use strict";
(() => {
  const form = document.querySelector("[data-drempel]");
  if (!form) return;
  const slider = form.querySelector("input[type=range]");
  const plot = form.querySelector(".staven");
  const bars = plot ? [...plot.querySelectorAll("[data-stap]")] : [];
  const rows = new Map([...document.querySelectorAll("[data-rij]")].map((row) => [row.dataset.rij, row]));
  const cell = (row, name) => row.querySelector(`[data-cel="${name}"]`).textContent;

  function show() {
    const step = Number(slider.value), row = rows.get(slider.value);
    for (const place of form.querySelectorAll("[data-uit]")) place.textContent = cell(row, place.dataset.uit);
    slider.setAttribute("aria-valuetext", `${cell(row, "drempel")}: ${cell(row, "af")} gaan af`);
    if (!plot) return;
    const line = plot.querySelector("[data-grens]");
    line.setAttribute("x1", step - 1);
    line.setAttribute("x2", step - 1);
    for (const bar of bars) {
      const above = !("onder" in bar.dataset), fires = above === (Number(bar.dataset.stap) >= step);
      bar.setAttribute("class", fires ? "wel" : "niet");
    }
  }

  function follow(event) {
    const box = plot.getBoundingClientRect();
    const step = Math.round(((event.clientX - box.left) / box.width) * 99) + 1;
    slider.value = Math.min(Math.max(step, 1), 100);
    show();
  }

  slider.addEventListener("input", show);
  plot?.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    plot.setPointerCapture(event.pointerId);
    follow(event);
    slider.focus({ preventScroll: true });
    event.preventDefault();
  });
  plot?.addEventListener("pointermove", (event) => { if (plot.hasPointerCapture(event.pointerId)) follow(event); });
  show(); // a browser keeps where the slider stood when it goes back
})();
