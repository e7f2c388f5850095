#!/usr/bin/env python3
"""Looks at a page in Chromium as people do, and prints what is wrong with it, one line each.

browser.py URL [--all] [--token TOKEN] [--live] [--shots FOLDER]

In both themes, wide in the light one and at 390 pixels in the dark one, with --all each in both widths: no message on the console, nothing axe
objects to (WCAG 2.2 AA), no horizontal scrolling, the content in the first answer, every control reachable by the keyboard in the order it is read.
With a token: the page starts a backup by its script, and by its form where there is none. With --live besides: the page stays open while a run is
ordered behind its back, which it has to show, and a verification, at which the service stops, which it has to say.
"""
import argparse
import json
import pathlib
import sys
import urllib.error
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUS = """() => { const e = document.activeElement; const r = e.getBoundingClientRect();
  return e === document.body ? null : {name: e.tagName + ' ' + (e.id || e.getAttribute('href') || e.textContent.trim()),
  index: [...document.querySelectorAll('*')].indexOf(e), visible: r.width > 0 && r.height > 0}; }"""


def watch(page, faults, where):
    page.on("console", lambda message: faults.append(f"{where}: console {message.type}: {message.text}")
            if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(f"{where}: {error}"))
    page.on("requestfailed", lambda request: faults.append(f"{where}: {request.url} failed"))


def foreign(page, url, faults, where):
    page.on("request", lambda request: None if request.url.startswith(url) else faults.append(f"{where}: asks for {request.url}"))


def accessibility(page):
    found = Axe().run(page, options={"runOnly": RULES}).response
    if len(found["passes"]) < 10:
        yield "axe has not looked"
    for violation in found["violations"]:
        for node in violation["nodes"]:
            yield f"axe {violation['id']}: {node['html'][:160]} ({node['failureSummary'][:300]})"


def scrolling(page):
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if wide > room:
        yield f"{wide} pixels wide, and there are {room}"


def focus(page):
    controls = page.evaluate("[...document.querySelectorAll('a[href], button, summary, input:not([type=hidden])')]"
                             ".filter((control) => control.checkVisibility()).length")
    last = -1
    for number in range(controls):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here is None or here["index"] <= last:
            yield f"the focus is out of order after {number} of {controls} controls: {here}"
            return
        if not here["visible"]:
            yield f"the focus is on something that is not seen: {here['name']}"
        last = here["index"]


def base(url):
    return "/".join(url.split("/")[:3])


def look(browser, options, faults):
    views = [("light", 1280), ("dark", 390)] + ([("light", 390), ("dark", 1280)] if options.all else [])
    for theme, width in views:
        where = f"{theme} {width}"
        page = browser.new_page(color_scheme=theme, viewport={"width": width, "height": 900})
        watch(page, faults, where)
        foreign(page, base(options.url), faults, where)
        page.goto(options.url)
        found = [*scrolling(page), *accessibility(page), *focus(page)]
        faults += [f"{where}: {fault}" for fault in found]
        if options.shots:
            page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
            page.screenshot(path=f"{options.shots}/{options.name}-{theme}-{width}.png", full_page=True)
        page.close()


def first_answer(options, faults):
    if not options.url.startswith("http"):
        return
    with urllib.request.urlopen(options.url) as answer:
        text = answer.read().decode()
    if "<h1" not in text or "</section>" not in text:
        faults.append("the first answer has no content")


def start_with_script(browser, options, faults):
    page = browser.new_page()
    watch(page, faults, "script")
    page.goto(options.url)
    page.click("summary")
    page.fill("#token", options.token)
    faults += [f"form: {fault}" for fault in accessibility(page)]
    page.click("button[value=backup]")
    page.wait_for_selector("#answer a")
    if options.shots:
        page.screenshot(path=f"{options.shots}/{options.name}-form.png")
    if "/runs/" not in page.get_attribute("#answer a", "href"):
        faults.append("the answer does not lead to the run")
    page.close()


def start_without_script(browser, options, faults):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(options.url)
    page.click("summary")
    page.fill("#token", options.token)
    page.click("button[value=verification]")
    page.wait_for_url("**/runs/**")
    page.close()


def order(options, wish):
    """Has the service do something, as another program does. It may stop over it."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {options.token}"}
    try:
        urllib.request.urlopen(urllib.request.Request(f"{base(options.url)}/api/runs", json.dumps(wish).encode(), headers)).close()
    except (urllib.error.URLError, ConnectionError):
        if wish["kind"] == "backup":
            raise


def live(browser, options, faults):
    page = browser.new_page()
    page.clock.install()
    page.goto(options.url)
    words = page.get_attribute("#stale", "data-text")
    if page.text_content("#stale") or page.locator("#running section").count():
        faults.append("the page says what is not so yet")
    # Somebody is in one of the regions, and every one of them has changed.
    page.focus("#runs a")
    page.evaluate("document.querySelectorAll('[data-live]').forEach((region) => { region.dataset.mark = 'old'; })")
    order(options, {"kind": "backup"})
    page.clock.run_for(21_000)
    expect(page.locator("#running progress")).to_have_count(1)
    expect(page.locator("#health")).not_to_have_attribute("data-mark", "old")
    expect(page.locator("#runs")).to_have_attribute("data-mark", "old")
    if not page.evaluate("document.activeElement.matches('#runs a')"):
        faults.append("the focus was taken away")
    page.evaluate("document.activeElement.blur()")
    # With a run under way it looks every three seconds.
    page.clock.run_for(4_000)
    expect(page.locator("#runs")).not_to_have_attribute("data-mark", "old")
    expect(page.locator("#stale")).to_have_text("")
    order(options, {"kind": "verification", "point": page.get_attribute("#start [name=point]", "value")})
    for _ in range(5):
        page.clock.run_for(4_000)
    expect(page.locator("#stale")).to_have_text(words)
    expect(page.locator("#running progress")).to_have_count(1)
    page.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--token")
    parser.add_argument("--all", action="store_true", help="both themes in both widths")
    parser.add_argument("--live", action="store_true", help="only the part that moves, to the end of the service")
    parser.add_argument("--shots")
    parser.add_argument("--name", default="page")
    options = parser.parse_args()
    faults = []
    if options.shots:
        pathlib.Path(options.shots).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        if options.live:
            live(browser, options, faults)
        else:
            look(browser, options, faults)
            first_answer(options, faults)
        if options.token and not options.live:
            start_with_script(browser, options, faults)
            start_without_script(browser, options, faults)
        browser.close()
    print("\n".join(faults))
    return 0


sys.exit(main())
