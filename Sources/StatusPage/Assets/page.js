"use strict";
(() => {
  const stale = document.getElementById("stale");

  // Looks again every so many seconds and replaces what has changed, but nothing somebody is in.
  const look = async () => {
    let every = Number(document.body.dataset.every) || 20;
    try {
      if (document.hidden) return;
      const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const region of document.querySelectorAll("[data-live]")) {
        const next = fresh.getElementById(region.id);
        if (!next || region.contains(document.activeElement) || region.outerHTML === next.outerHTML) continue;
        region.replaceWith(document.adoptNode(next));
      }
      const [point, newest] = [document, fresh].map((page) => page.querySelector("#start [name=point]"));
      if (point && newest) point.value = newest.value;
      document.title = fresh.title;
      every = Number(fresh.body.dataset.every) || every;
      stale.textContent = "";
    } catch {
      stale.textContent = stale.dataset.text;
    } finally {
      setTimeout(look, every * 1000);
    }
  };
  setTimeout(look, (Number(document.body.dataset.every) || 20) * 1000);

  const form = document.getElementById("start");
  if (!form) return;
  const say = (text, link) => {
    const place = document.getElementById("answer");
    place.textContent = text + " ";
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = "/runs/" + encodeURIComponent(link) + form.dataset.query;
    anchor.textContent = link;
    place.append(anchor);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kind = event.submitter ? event.submitter.value : "backup";
    const wish = kind === "verification" ? { kind, point: form.elements.point.value } : { kind };
    const buttons = form.querySelectorAll("button");
    buttons.forEach((button) => { button.disabled = true; });
    try {
      const answer = await fetch("/api/runs", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang, Authorization: "Bearer " + form.elements.token.value },
        body: JSON.stringify(wish),
      });
      const body = await answer.json();
      if (answer.ok) say(form.dataset.started, body.id);
      else say([body.detail, body.hint].filter(Boolean).join(". "), body.run);
    } catch {
      say(stale.dataset.text);
    } finally {
      buttons.forEach((button) => { button.disabled = false; });
    }
  });
})();
