"use strict";
// The page of `pnews view`. All that comes from documents becomes text nodes, never markup.
(() => {
  const sheets = [...document.querySelectorAll("script.document")];
  const { types, addresses } = JSON.parse(byId("words").textContent); // type -> [what one is called, several]
  const read = [];
  const folded = [];
  const foldedPoint = Object.create(null);
  const ROWS = 100; // of the list of documents that are made at once
  const number = new Intl.NumberFormat("fa");
  const day = new Intl.DateTimeFormat("fa-IR-u-ca-persian", { dateStyle: "long", timeZone: "UTC" });
  const HIDDEN = /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069])/;

  let here = -1; // the document shown
  let view = "norm";
  let shown = null; // the text in code points, its text nodes, the next mention, what was found
  let opened = null; // the mention whose card is open
  let chosen = -1; // the name whose mentions are marked
  let query = null;
  let rows = [];

  function byId(id) { return document.getElementById(id); }

  // A document as formats/page.py wrote it: what is small there has names here.
  function load(n) {
    if (read[n]) return read[n];
    const sheet = JSON.parse(sheets[n].textContent);
    const span = ([start, length, shift, growth]) => [start, start + length, start + shift, start + shift + length + growth];
    sheet.names = sheet.names.map(([type, name, en, ids, place]) => ({ type, name, en, ids, place, count: 0 }));
    sheet.mentions = sheet.mentions.map(([name, where, value, role]) => ({ name, span: span(where), value, role }));
    sheet.blocks = sheet.blocks.map(([kind, where, repeats]) => ({ kind, span: span(where), repeats }));
    sheet.quotations = sheet.quotations.map(([kind, where, speaker, cue]) => ({ kind, span: span(where), speaker, cue }));
    for (const { name } of sheet.mentions) sheet.names[name].count += 1;
    return (read[n] = sheet);
  }

  // A node with attributes and children; strings become text, control characters are shown.
  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) node.setAttribute(name, value);
    }
    for (const child of children) {
      if (typeof child === "string") put(node, child);
      else if (child) node.append(child);
    }
    return node;
  }

  function put(node, text) {
    text.split(HIDDEN).forEach((piece, n) => {
      if (n % 2) {
        const code = "U+" + piece.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
        const sign = document.createElement("span");
        sign.className = "control";
        sign.textContent = code;
        node.append(sign);
      } else if (piece) node.append(piece);
    });
  }

  const bare = (text) => text.replaceAll(new RegExp(HIDDEN, "g"), "\ufffd");
  const times = (count) => `${number.format(count)} بار`;

  // The normalised text in code points, and the source range of each.
  function replay(source, edits) {
    const points = [], starts = [], ends = [];
    let at = 0;
    const keep = (stop) => {
      for (; at < stop; at++) { points.push(source[at]); starts.push(at); ends.push(at + 1); }
    };
    for (const [start, end, text] of edits) {
      keep(start);
      for (const point of text) { points.push(point); starts.push(start); ends.push(end); }
      at = end;
    }
    keep(source.length);
    return { points, starts, ends };
  }

  // What a search compares: no half-spaces, marks or case, one form of each letter and digit.
  const ALIKE = { "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ٱ": "ا" };
  function fold(text) {
    return text.normalize("NFKD").replace(/[\p{M}\p{Cf}ـ]/gu, "")
      .replace(/[يىكةەہھٱ]/g, (letter) => ALIKE[letter])
      .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
      .replace(/\s+/g, " ").toLowerCase();
  }

  function pattern(text) {
    const wanted = fold(text).trim();
    if (!wanted) return null;
    return new RegExp(wanted.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ /g, " ?"), "g");
  }

  function foldedDocument(n) {
    if (folded[n] === undefined) {
      const sheet = load(n);
      const text = replay([...sheet.text], sheet.edits).points.join("");
      const names = sheet.names.map((name) => `${name.name}\n${name.en}`).join("\n");
      folded[n] = fold([sheet.id, text, names].join("\n"));
    }
    return folded[n];
  }

  // ---- the list of documents

  function showList() {
    const list = byId("list");
    list.replaceChildren();
    byId("count").textContent = number.format(rows.length);
    if (!rows.length) list.append(make("li", { class: "none" }, "هیچ سندی این را ندارد."));
    moreRows();
  }

  function moreRows() {
    const list = byId("list");
    const made = list.querySelectorAll("a").length;
    for (const n of rows.slice(made, made + ROWS)) {
      const sheet = load(n);
      list.append(make("li", {},
        make("a", { href: `#/${n + 1}`, "aria-current": n === here && "page" },
          make("bdi", { class: "cell" }, sheet.title || sheet.id),
          make("small", {}, make("bdi", { dir: "auto" }, sheet.title ? sheet.id : ""),
            sheet.date && make("bdi", {}, ` ${persianDay(sheet.date)}`)))));
    }
    if (made + ROWS < rows.length) watcher.observe(list.lastElementChild);
  }

  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (isIntersecting) { watcher.unobserve(target); moreRows(); }
    }
  });

  function persianDay(iso) {
    const date = new Date(`${iso}T00:00:00Z`);
    return Number.isNaN(date.getTime()) ? iso : day.format(date);
  }

  // ---- the article

  function show(n) {
    here = n;
    chosen = -1;
    const sheet = load(n);
    document.title = bare(sheet.title || sheet.id || "pnews");
    for (const link of byId("list").querySelectorAll("a")) {
      if (link.hash === `#/${n + 1}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    showText();
    showNames();
  }

  function showText() {
    closeCard();
    const sheet = load(here);
    const source = [...sheet.text];
    const normal = replay(source, sheet.edits);
    shown = { points: view === "norm" ? normal.points : source, normal, places: [], next: 0, hits: [], at: -1 };
    const text = byId("text");
    text.replaceChildren();
    const parts = paragraphs(sheet);
    const titled = parts[0]?.kind === "title";
    for (const part of parts) {
      const head = titled && part === parts[0];
      const again = part.repeats !== null;
      const node = make(head ? "h1" : part.kind === "title" ? "h2" : "p", {
        class: again ? "repeat" : part.kind,
        "data-note": again ? "تکرار" : part.kind === "boilerplate" ? "حاشیه" : undefined,
      });
      quoted(node, part.start, part.end, sheet);
      text.append(node);
      if (head) text.append(about(sheet));
    }
    if (!titled) text.prepend(about(sheet));
    choose(chosen);
    findHits();
  }

  function about(sheet) {
    const list = make("dl", { class: "about" });
    const row = (term, ...what) => list.append(make("div", {}, make("dt", {}, term), make("dd", {}, ...what)));
    row("سند", make("bdi", { dir: "auto" }, sheet.id || "بی‌نام"));
    if (sheet.date) row("تاریخ انتشار", make("bdi", {}, persianDay(sheet.date)));
    if (sheet.sources.length) row("منبع", make("bdi", {}, sheet.sources.join("، ")));
    for (const [name, value] of sheet.extra) row(name, make("bdi", { dir: "auto" }, value));
    return list;
  }

  // [start, end) of a span in the text shown: source offsets, then normalised ones.
  const place = (span) => (view === "norm" ? [span[2], span[3]] : [span[0], span[1]]);

  // The blocks, and what stands between them, a line each.
  function paragraphs(sheet) {
    const found = [];
    let at = 0;
    const add = (start, end, kind, repeats) => {
      for (let line = start; line < end;) {
        let stop = line;
        while (stop < end && !/[\n\r]/.test(shown.points[stop])) stop++;
        if (/\S/.test(shown.points.slice(line, stop).join(""))) found.push({ kind, repeats, start: line, end: stop });
        line = stop + 1;
      }
    };
    for (const { kind, span, repeats } of sheet.blocks) {
      const [start, end] = place(span);
      if (start < at) continue;
      add(at, start, "body", null);
      add(start, end, kind, repeats);
      at = end;
    }
    add(at, shown.points.length, "body", null);
    return found;
  }

  function quoted(node, start, end, sheet) {
    let at = start;
    for (const quotation of sheet.quotations) {
      const [first, last] = place(quotation.span);
      if (first >= end) break;
      if (last <= at || first < at && first >= start) continue;
      const stop = Math.min(last, end);
      mentions(node, at, Math.max(first, at), sheet);
      if (first >= start && quotation.speaker >= 0) node.append(speaker(sheet, quotation));
      const words = make("q", { class: quotation.kind });
      mentions(words, Math.max(first, at), stop, sheet);
      node.append(words);
      at = stop;
    }
    mentions(node, at, end, sheet);
  }

  function speaker(sheet, quotation) {
    return make("span", { class: "speaker", role: "note" },
      make("span", { class: "aside" }, "نقل از "),
      make("bdi", {}, sheet.names[quotation.speaker].name),
      quotation.cue && make("small", {}, make("bdi", {}, quotation.cue)));
  }

  function mentions(node, start, end, sheet) {
    let at = start;
    while (shown.next < sheet.mentions.length && place(sheet.mentions[shown.next].span)[1] <= start) shown.next++;
    for (let n = shown.next; n < sheet.mentions.length; n++) {
      const mention = sheet.mentions[n];
      const [from, to] = place(mention.span);
      if (from >= end) break;
      if (to <= at) continue;
      words(node, at, Math.max(from, at));
      const name = sheet.names[mention.name];
      const mark = make("mark", {
        class: `${mention.role ? "role " : ""}${name.type}`, tabindex: "0", role: "button",
        "aria-haspopup": "dialog", "aria-expanded": "false", "data-label": types[name.type][0], "data-mention": n,
      });
      words(mark, Math.max(from, at), Math.min(to, end));
      node.append(mark);
      at = Math.min(to, end);
    }
    words(node, at, end);
  }

  // Text of the article; where each text node starts is kept for the search.
  function words(node, start, end) {
    if (start >= end) return;
    const before = node.childNodes.length;
    put(node, shown.points.slice(start, end).join(""));
    let at = start;
    for (const child of [...node.childNodes].slice(before)) {
      if (child.nodeType === Node.TEXT_NODE) {
        shown.places.push({ at, node: child });
        at += [...child.data].length;
      } else at += 1;
    }
  }

  const marks = () => [...byId("text").querySelectorAll("mark")];
  const marksOf = (n) => marks().filter((mark) => load(here).mentions[mark.dataset.mention].name === n);

  // ---- names

  function showNames() {
    const sheet = load(here);
    const panel = byId("names");
    panel.replaceChildren();
    for (const [type, [, several]] of Object.entries(types)) {
      const group = sheet.names.map((name, n) => ({ name, n })).filter(({ name }) => name.type === type && name.count)
        .sort((one, other) => other.name.count - one.name.count);
      if (!group.length) continue;
      panel.append(make("section", { class: type },
        make("h2", {}, several, make("small", {}, number.format(group.length))),
        make("ul", {}, ...group.map(({ name, n }) => make("li", {},
          make("button", { type: "button", class: type, "data-name": n, "aria-pressed": "false" },
            make("span", { class: "cell" }, make("bdi", {}, name.name),
              name.en && make("small", {}, make("bdi", { lang: "en", dir: "ltr" }, name.en))),
            make("span", { class: "times" }, times(name.count))))))));
    }
    if (!panel.childElementCount) panel.append(make("p", { class: "empty" }, "در این متن نامی پیدا نشد."));
  }

  function choose(n) {
    chosen = n;
    const same = new Set(n < 0 ? [] : marksOf(n));
    for (const mark of marks()) mark.classList.toggle("same", same.has(mark));
    for (const button of byId("names").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.name) === n));
    }
  }

  // To the next mention of a name after the one that was last gone to.
  function jump(n) {
    const same = marksOf(n);
    if (!same.length) return;
    const last = same.findIndex((mark) => mark === jump.last);
    jump.last = same[chosen === n ? (last + 1) % same.length : 0];
    choose(n);
    go(jump.last);
  }

  function go(mark) {
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
    openCard(mark);
  }

  // ---- the card of a mention

  function openCard(mark) {
    if (opened === mark) return;
    closeCard();
    opened = mark;
    mark.setAttribute("aria-expanded", "true");
    const sheet = load(here);
    const mention = sheet.mentions[mark.dataset.mention];
    const name = sheet.names[mention.name];
    const card = byId("card");
    const list = make("dl");
    const row = (term, ...what) => list.append(make("dt", {}, term), make("dd", {}, ...what));
    const [start, end, from, to] = mention.span;
    row("گونه", make("span", { class: "kind" }, types[name.type][0]), " ", make("bdi", { dir: "ltr" }, name.type));
    const words = [...sheet.text].slice(start, end).join("");
    if (mention.role || words !== name.name) row(mention.role ? "سمت" : "در متن", make("bdi", {}, words));
    if (mention.value) row("مقدار", make("bdi", { dir: "ltr" }, mention.value));
    if (name.place) row("جا", make("bdi", { dir: "ltr" }, name.place));
    for (const [authority, id, linked] of name.ids) {
      row("شناسه", make("bdi", { dir: "ltr" }, linked
        ? make("a", { href: addresses[authority] + id, target: "_blank", rel: "noopener noreferrer" }, `${authority} ${id}`)
        : `${authority} ${id}`));
    }
    row("در متن اصلی", make("bdi", { dir: "ltr" }, `${start}–${end}`));
    row("در ویراسته", make("bdi", { dir: "ltr" }, `${from}–${to}`));
    row("در این متن", times(name.count));
    card.className = name.type;
    card.replaceChildren(make("h3", { id: "card-name" }, make("bdi", {}, name.name)));
    if (name.en) card.append(make("bdi", { class: "english", lang: "en", dir: "ltr" }, name.en));
    card.append(list);
    card.hidden = false;
    const box = mark.getClientRects()[0];
    const left = Math.min(Math.max(12, box.right - card.offsetWidth), document.documentElement.clientWidth - card.offsetWidth - 12);
    const below = box.bottom + card.offsetHeight + 12 < innerHeight || box.top < card.offsetHeight + 12;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? box.bottom + 6 : box.top - card.offsetHeight - 6) + scrollY}px`;
  }

  function closeCard() {
    if (!opened) return;
    opened.setAttribute("aria-expanded", "false");
    opened = null;
    byId("card").hidden = true;
  }

  // ---- search

  function findHits() {
    const hits = [];
    if (query) {
      const { points, starts, ends } = shown.normal;
      const pieces = [];
      const at = []; // of each code unit of the folded text, its place in the normalised
      let last = "";
      points.forEach((point, n) => {
        const piece = (foldedPoint[point] ??= fold(point));
        if (!piece || piece === " " && last === " ") return;
        pieces.push(last = piece);
        for (let unit = 0; unit < piece.length; unit++) at.push(n);
      });
      for (const match of pieces.join("").matchAll(query)) {
        const first = at[match.index], last = at[match.index + match[0].length - 1];
        hits.push(view === "norm" ? [first, last + 1] : [starts[first], ends[last]]);
      }
    }
    shown.hits = hits.map(([first, last]) => range(first, last)).filter(Boolean);
    shown.at = -1;
    paintHits();
  }

  function range(first, last) {
    const start = point(first), end = point(last - 1);
    if (!start || !end) return null;
    return new StaticRange({ // one that costs nothing when the text changes
      startContainer: start.node, startOffset: start.unit,
      endContainer: end.node, endOffset: Math.min(end.unit + end.width, end.node.length),
    });
  }

  function boxOf(hit) {
    const found = document.createRange();
    found.setStart(hit.startContainer, hit.startOffset);
    found.setEnd(hit.endContainer, hit.endOffset);
    return found.getBoundingClientRect();
  }

  function point(at) {
    let low = 0, high = shown.places.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (shown.places[middle].at <= at) low = middle; else high = middle - 1;
    }
    const found = shown.places[low];
    if (!found || found.at > at) return null;
    let unit = 0;
    for (let n = found.at; n < at; n++) unit += shown.points[n].length;
    return unit <= found.node.length ? { node: found.node, unit, width: shown.points[at].length } : null;
  }

  function paintHits() {
    if (!globalThis.CSS?.highlights) return;
    CSS.highlights.set("hit", new Highlight(...shown.hits));
    CSS.highlights.set("hit-here", new Highlight(...shown.hits.slice(shown.at, shown.at + 1).filter(() => shown.at >= 0)));
  }

  function search() {
    query = pattern(byId("search").value);
    rows = sheets.map((_, n) => n).filter((n) => !query || foldedDocument(n).search(query) >= 0);
    if (sheets.length > 1) showList();
    findHits();
    report();
  }

  function report() {
    const where = sheets.length > 1 ? `${number.format(rows.length)} سند، ` : "";
    const which = shown.at < 0 ? times(shown.hits.length) : `${number.format(shown.at + 1)} از ${number.format(shown.hits.length)}`;
    byId("found").textContent = query ? `${where}${which}` : "";
  }

  function nextHit(step) {
    const count = shown.hits.length;
    if (!count && rows.length && query && !rows.includes(here)) {
      location.hash = `#/${rows[0] + 1}`;
      return;
    }
    if (!count) return;
    shown.at = shown.at < 0 ? (step > 0 ? 0 : count - 1) : (shown.at + step + count) % count;
    const box = boxOf(shown.hits[shown.at]);
    if (box.top < 80 || box.bottom > innerHeight - 20) scrollTo({ top: scrollY + box.top - innerHeight / 2 });
    paintHits();
    report();
  }

  // ---- what the reader does

  function step(from, direction) {
    const all = marks();
    const next = all[all.indexOf(from) + direction];
    if (next) go(next);
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const input = byId("search");
    const mark = event.target.closest?.("mark");
    if (event.target === input) {
      if (event.key === "Enter") nextHit(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") { input.value = ""; search(); byId("article").focus(); }
      else return;
    } else if (event.key === "/" || event.code === "Slash" && !event.shiftKey) {
      input.focus();
      input.select();
    } else if (event.key === "Escape") {
      if (byId("card").contains(event.target)) opened.focus();
      closeCard();
      choose(-1);
    } else if (mark && ["ArrowLeft", "ArrowDown"].includes(event.key)) step(mark, 1);
    else if (mark && ["ArrowRight", "ArrowUp"].includes(event.key)) step(mark, -1);
    else if (mark && ["Enter", " "].includes(event.key)) {
      openCard(mark);
      choose(load(here).mentions[mark.dataset.mention].name);
      byId("card").querySelector("a")?.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
  }

  function onHash() {
    const wanted = Number(/^#\/(\d+)$/.exec(location.hash)?.[1] ?? 0) - 1;
    const n = wanted >= 0 && wanted < sheets.length ? wanted : Math.max(here, 0);
    if (n === here) return;
    const first = here < 0;
    show(n);
    report();
    if (!first) { scrollTo(0, 0); byId("article").focus({ preventScroll: true }); }
  }

  function onView(event) {
    const top = (mark) => mark.getBoundingClientRect().top;
    const anchor = marks().find((mark) => top(mark) >= byId("search").getBoundingClientRect().bottom);
    const before = anchor && top(anchor);
    view = event.target.value;
    showText();
    const same = anchor && marks().find((mark) => mark.dataset.mention === anchor.dataset.mention);
    if (same) scrollBy({ top: top(same) - before, behavior: "instant" });
    report();
  }

  function start() {
    byId("documents").hidden = sheets.length < 2;
    document.querySelector(".desk").classList.toggle("several", sheets.length > 1);
    if (matchMedia("(max-width: 64rem)").matches) byId("documents").firstElementChild.open = false;
    rows = sheets.map((_, n) => n);
    onHash();
    if (sheets.length > 1) showList();
    document.addEventListener("keydown", onKey);
    addEventListener("hashchange", onHash);
    byId("search").addEventListener("input", search);
    for (const input of document.querySelectorAll("[name=view]")) {
      input.checked = input.value === view;
      input.addEventListener("change", onView);
    }
    byId("names").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) jump(Number(button.dataset.name));
    });
    const text = byId("text");
    text.addEventListener("focusin", (event) => { if (event.target.matches("mark")) openCard(event.target); });
    text.addEventListener("click", (event) => {
      const mark = event.target.closest("mark");
      if (!mark) return;
      openCard(mark);
      choose(load(here).mentions[mark.dataset.mention].name);
    });
    let leaving = 0;
    document.addEventListener("pointerover", (event) => {
      const mark = event.target.closest?.("#text mark");
      clearTimeout(leaving);
      if (mark) openCard(mark);
      else if (opened && opened !== document.activeElement && !byId("card").contains(event.target)) leaving = setTimeout(closeCard, 250);
    });
    document.addEventListener("focusin", (event) => {
      if (opened && event.target !== opened && !byId("card").contains(event.target)) closeCard();
    });
  }

  if (sheets.length) start();
})();
