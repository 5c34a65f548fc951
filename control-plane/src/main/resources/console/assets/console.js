// What the pages of the console cannot do without a script. No page has a script of its own.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("scripted");

  const closest = (event, selector) =>
    event.target instanceof Element ? event.target.closest(selector) : null;

  // Light and dark: the system's choice, until somebody has another.
  const isDark = () =>
    root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;

  const switchTheme = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie =
      `gatehouse-theme=${root.dataset.theme}; Path=/console; Max-Age=31536000; SameSite=Strict${secure}`;
    document.dispatchEvent(new Event("gatehouse:theme"));
  };

  const open = (id) => {
    const dialog = document.getElementById(id);
    if (dialog instanceof HTMLDialogElement) {
      dialog.showModal();
      const first = dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
      if (first) first.focus();
    }
  };

  // What was copied is said to those who do not see the button.
  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.textContent.trim());
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = before;
    }, 2000);
  };

  // The tenants that are chosen, and what can be done with them.
  const counted = () => {
    const bar = document.getElementById("bulk");
    if (!bar) return;
    const chosen = document.querySelectorAll("input[name=tenant]:checked");
    bar.hidden = chosen.length === 0;
    document.querySelectorAll("[data-count]").forEach((place) => {
      place.textContent = String(chosen.length);
    });
    const names = [...chosen].map((box) => box.value).join(", ");
    document.querySelectorAll("[data-chosen]").forEach((place) => {
      place.textContent = names;
    });
    const all = document.getElementById("all");
    const boxes = document.querySelectorAll("input[name=tenant]");
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  };

  document.addEventListener("click", (event) => {
    const opener = closest(event, "[data-open]");
    if (opener) {
      const target = document.getElementById(opener.dataset.open);
      const set = opener.dataset.set ? JSON.parse(opener.dataset.set) : {};
      for (const [name, value] of Object.entries(set)) {
        target.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => {
          field.value = value;
        });
        target.querySelectorAll(`[data-shows="${CSS.escape(name)}"]`).forEach((place) => {
          place.textContent = value;
        });
      }
      open(opener.dataset.open);
      return;
    }
    const closer = closest(event, "[data-close]");
    if (closer) {
      closer.closest("dialog").close();
      return;
    }
    const copier = closest(event, "[data-copy]");
    if (copier) {
      copy(copier);
      return;
    }
    if (closest(event, "[data-theme-switch]")) {
      switchTheme();
      return;
    }
    const menu = closest(event, ".menu");
    if (menu) {
      const isOpen = document.querySelector(".side").classList.toggle("open");
      menu.setAttribute("aria-expanded", String(isOpen));
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "all") {
      document.querySelectorAll("input[name=tenant]").forEach((box) => {
        box.checked = event.target.checked;
      });
    }
    if (event.target.name === "tenant" || event.target.id === "all") counted();
  });

  // Keys: "/" to search, "g" and a letter to go somewhere, "n" for the next page, "?" for all.
  const places = {
    o: "",
    t: "/tenants",
    s: "/services",
    r: "/routes",
    p: "/plans",
    n: "/analytics",
    b: "/blueprints",
    d: "/partitions",
    g: "/gateways",
    a: "/audit",
  };
  let going = -Infinity;
  document.addEventListener("keydown", (event) => {
    const typing = closest(event, "input, textarea, select, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !document.querySelector(".side")) {
      return;
    }
    if (event.timeStamp - going < 1500 && event.key in places) {
      going = -Infinity;
      location.assign("/console" + places[event.key]);
    } else if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      } else {
        location.assign("/console/tenants");
      }
    } else if (event.key === "n") {
      document.querySelector("a[rel=next]")?.click();
    } else if (event.key === "?") {
      open("keys");
    } else if (event.key === "g") {
      going = event.timeStamp;
    }
  });

  // What is wrong with a form is said at its fields, too.
  const mark = (outcome) => {
    const form = outcome.closest("form");
    if (!form) return;
    form.querySelectorAll("[aria-invalid]").forEach((field) => {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-errormessage");
    });
    let first = null;
    outcome.querySelectorAll("[data-pointer]").forEach((fault, index) => {
      const pointer = fault.dataset.pointer;
      const field = [...form.elements].find(
        (one) =>
          one.name &&
          one.type !== "hidden" &&
          (one.name.split("|")[0] === pointer || pointer.startsWith(one.name.split("|")[0] + "/")),
      );
      if (field) {
        fault.id = `fault-${form.id || "form"}-${index}`;
        fault.setAttribute("aria-live", "polite");
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-errormessage", fault.id);
        first = first || field;
      }
    });
    if (first) first.focus();
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target && target.classList.contains("outcome")) mark(target);
    counted();
    plots();
  });
  // What keeps itself new waits while somebody is in it: the focus would be lost.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    const trigger = part.getAttribute("hx-trigger") || "";
    if (trigger.startsWith("every") && part.contains(document.activeElement)) {
      event.preventDefault();
    }
  });

  document.addEventListener("htmx:sendError", () => {
    const place = document.getElementById("offline");
    if (place) place.hidden = false;
  });
  document.addEventListener("htmx:afterOnLoad", () => {
    const place = document.getElementById("offline");
    if (place) place.hidden = true;
  });

  // Requests as bars, what was refused or failed as lines; in the colours of the page.
  const colour = (name) => {
    const probe = document.createElement("i");
    probe.style.color = `var(--${name})`;
    root.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };

  const hour = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clock = (seconds) => hour.format(new Date(seconds * 1000));
  const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, "\u2009");

  const day = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });

  // A score from 0 to 100, which holds until the next one.
  const drawScores = (place, data, axis, line) =>
    new uPlot(
      {
        width: place.clientWidth,
        height: 220,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { range: (_, first, last) => [Math.min(first, last - 3600), last] }, y: { range: [0, 104] } },
        axes: [
          { ...axis, grid: { show: false }, size: 30, space: 70, values: (_, at) =>
            at.map((seconds) => (seconds % 86400 === 0 ? day.format(new Date(seconds * 1000)) : clock(seconds))) },
          { ...axis, size: 44 },
        ],
        series: [{}, { ...line("Score", "accent"), paths: uPlot.paths.stepped({ align: 1 }), fill: colour("accent-soft") }],
      },
      [data.times, data.scores],
      place,
    );

  const draw = (place) => {
    const data = JSON.parse(place.dataset.plot);
    const axis = {
      stroke: colour("muted"),
      font: `12px ${getComputedStyle(document.body).fontFamily}`,
      grid: { stroke: colour("line"), width: 1 },
      ticks: { show: false },
    };
    const line = (label, name) => ({ label, stroke: colour(name), width: 2, points: { show: false } });
    place.replaceChildren();
    if (data.scores) return drawScores(place, data, axis, line);
    return new uPlot(
      {
        width: place.clientWidth,
        height: 220,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { range: (_, first, last) => [first - 1800, last + 1800] },
          y: { range: (_, low, high) => [0, Math.max(high * 1.1, 4)] },
        },
        axes: [
          { ...axis, grid: { show: false }, size: 30, values: (_, at) => at.map(clock) },
          { ...axis, size: 60, values: (_, counts) => counts.map(grouped) },
        ],
        series: [
          {},
          {
            label: "Requests",
            fill: colour("accent"),
            stroke: colour("accent"),
            width: 0,
            points: { show: false },
            paths: uPlot.paths.bars({ size: [0.62, 40], radius: 0.2 }),
          },
          line("Limited", "warn-dot"),
          line("Errors", "bad-dot"),
        ],
      },
      [data.times, data.requests, data.limited, data.errors],
      place,
    );
  };

  const drawn = new Map();
  const plots = () => {
    if (typeof uPlot === "undefined") return;
    for (const place of drawn.keys()) if (!place.isConnected) drawn.delete(place);
    document.querySelectorAll("[data-plot]").forEach((place) => {
      if (!drawn.has(place)) drawn.set(place, draw(place));
    });
  };
  document.addEventListener("gatehouse:theme", () => {
    drawn.clear();
    plots();
  });
  addEventListener("resize", () => {
    for (const [place, plot] of drawn) plot.setSize({ width: place.clientWidth, height: 220 });
  });

  plots();
  counted();
})();
