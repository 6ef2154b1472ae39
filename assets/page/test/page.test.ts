import assert from "node:assert/strict";
import test from "node:test";
import { questionIn, sessionIn, statementIn } from "../src/hub/said";
import type { State, Step } from "../src/hub/types";
import { countAnswered, history, inOrder, newer, nextStatement, reordered } from "../src/page/ballot";
import { digits } from "../src/look/digits";
import { blankIdentity, Identity, Stage } from "../src/page/keep";
import { Known, Screen, screenOf, tabs } from "../src/page/place";
import { webview } from "../src/page/webview";
import { minutes, grouped, textIn } from "../src/words/words";

const step = (kind: string, open = true): Step => ({ id: kind, kind, open, started: 1, ends: 0 });

function state(part: Partial<State> = {}): State {
  const base = {
    version: 1,
    now: 0,
    session: { id: "s1", practice: "x", statement_limit: 140 },
    question: null,
    step: step("opinion"),
    me: { id: "p", number: 12, word: "otter", name: "", votes: {}, answers: {}, statements: [] },
    statements: ["a", "b", "c"].map((id) => ({ id, text: id, lang: "en" })),
    order: ["b", "a"],
    results: null,
    map: null,
    table: null,
    hubs: [],
  };
  return { ...base, ...part } as unknown as State;
}

function known(stage: Stage, part: Partial<State> = {}, more: Partial<Known> = {}): Known {
  const identity: Identity = { ...blankIdentity("482163", "t"), session: "s1", stage };
  return { identity, state: state(part), reach: true, joined: true, joining: false, moving: false, shared: false, wish: null, current: "", ...more };
}

const question = { id: "q1", text: "?", low: "", high: "" };
const results = { participants: 1, votes: 1, statements: [], common: [], divisive: [], groups: [] };
const map = { groups_found: false, missing: null, scene: null };
const table = { number: 3, name: "", people: [], host: null, question: "", devices_down: false };
const voted = { a: { value: "agree", rev: 1 }, b: { value: "pass", rev: 2 }, c: { value: "disagree", rev: 3 } };
const me = { id: "p", number: 12, word: "otter", name: "", answers: {}, statements: [] };

test("which screen", () => {
  const cases: [string, Known, Screen][] = [
    ["nobody yet", { ...known("ready"), identity: null }, "pad"],
    ["passed on", { ...known("ready"), identity: null, shared: true }, "hand"],
    ["joining", { ...known("ready"), joining: true }, "joining"],
    ["joining, out of reach", { ...known("ready"), joining: true, reach: false }, "away"],
    ["a badge that is in use elsewhere", known("ready", {}, { joining: true, moving: true }), "move"],
    ["the digits of another session", known("ready", {}, { wish: "pad" }), "pad"],
    ["nothing told yet", { ...known("ready"), state: null }, "joining"],
    ["out of reach at the start", { ...known("ready"), state: null, reach: false, joined: false }, "away"],
    ["notice first", known("notice", { question }), "notice"],
    ["then the name", known("name", { question }), "name"],
    ["then practice", known("practice", { question }), "practice"],
    ["nothing left to practise for", known("practice", { step: step("tables"), table }), "table"],
    ["no practice statement", known("practice", { session: { id: "s1", practice: "" } as never }), "vote"],
    ["then the question", known("ready", { question }), "question"],
    ["the question was skipped", { ...known("ready", { question }), identity: { ...blankIdentity("1", "t"), session: "s1", stage: "ready", skipped: true } }, "vote"],
    ["then the statements", known("ready"), "vote"],
    ["all seen", known("ready", { me: { ...me, votes: voted } }), "done"],
    ["none there", known("ready", { statements: [] }), "empty"],
    ["not begun", known("ready", { step: null }), "wait"],
    ["check-in", known("ready", { step: step("checkin") }), "wait"],
    ["the question at check-in", known("ready", { step: step("checkin"), question }), "question"],
    ["closed", known("ready", { step: step("opinion", false) }), "closed"],
    ["closed, map shown", known("ready", { step: step("opinion", false), map, results }), "map"],
    ["results while people vote", known("ready", { results }), "vote"],
    ["results asked for", known("ready", { results }, { wish: "results" }), "results"],
    ["results asked for, then hidden", known("ready", {}, { wish: "results" }), "vote"],
    ["the map's step", known("ready", { step: step("map"), map }), "map"],
    ["the map's step, results only", known("ready", { step: step("map"), results }), "results"],
    ["the map's step, nothing shown", known("ready", { step: step("map") }), "closed"],
    ["tables", known("ready", { step: step("tables"), table, map }), "table"],
    ["devices down", known("ready", { step: step("tables"), table: { ...table, devices_down: true } }, { wish: "map" }), "down"],
    ["writing", known("ready", {}, { wish: "write" }), "write"],
    ["writing when it closes", known("ready", { step: step("opinion", false) }, { wish: "write" }), "closed"],
    ["about, at any time", known("ready", {}, { wish: "about" }), "notice"],
  ];
  cases.forEach(([name, value, want]) => assert.equal(screenOf(value), want, name));
});

test("tabs are there when there is something behind them", () => {
  assert.deepEqual(tabs(null), []);
  assert.deepEqual(tabs(state()), ["vote"]);
  assert.deepEqual(tabs(state({ results, map, table })), ["vote", "results", "map", "table"]);
});

test("the order, and what comes next", () => {
  const s = state();
  assert.deepEqual(inOrder(s).map((one) => one.id), ["b", "a", "c"]);
  assert.deepEqual(inOrder(state({ order: ["gone", "c"] })).map((one) => one.id), ["c", "a", "b"]);
  assert.deepEqual(reordered(["a", "b", "c"], ["c", "a"]), ["c", "a", "b"]);
  assert.deepEqual(reordered(["a", "b"], []), ["a", "b"]);
  const next = nextStatement(s, {}, "");
  assert.equal(next && next.id, "b");
  const stays = nextStatement(s, {}, "c");
  assert.equal(stays && stays.id, "c", "what is on screen stays");
  const after = nextStatement(s, { c: { value: "agree", rev: 1 } }, "c");
  assert.equal(after && after.id, "b");
  const back = nextStatement(s, { ...voted, a: { value: "none", rev: 9 } }, "");
  assert.equal(back && back.id, "a", "an answer taken back is open again");
  assert.equal(nextStatement(s, voted, ""), null);
  assert.equal(countAnswered(s, { a: { value: "none", rev: 1 }, b: { value: "pass", rev: 1 } }), 1);
  assert.deepEqual(history(s, voted).map((one) => one.id), ["c", "b", "a"]);
});

test("the newer of what was told and what was done", () => {
  const told = { a: { value: "agree", rev: 5 }, b: { value: "pass", rev: 2 } };
  const own = { a: { value: "none", rev: 4 }, b: { value: "agree", rev: 3 }, c: { value: "pass", rev: 1 } };
  assert.deepEqual(newer(told, own), { a: told.a, b: own.b, c: own.c });
});

test("digits as people type them", () => {
  assert.equal(digits("482 163"), "482163");
  assert.equal(digits("４８２１６３"), "482163");
  assert.equal(digits("48a2-1"), "4821");
  assert.equal(digits("4821639"), "482163");
});

test("browsers inside other programs", () => {
  assert.equal(webview("Mozilla/5.0 (Linux; Android 9; wv) AppleWebKit/537.36 Chrome/74 Mobile Safari/537.36 Line/9.12.0"), "LINE");
  assert.equal(webview("Mozilla/5.0 (iPhone) [FBAN/FBIOS;FBAV/300.0]"), "Facebook");
  assert.equal(webview("Mozilla/5.0 (Linux; Android 9; SM-T510; wv) Chrome/74"), "");
  assert.equal(webview("Mozilla/5.0 (iPad) AppleWebKit/605.1.15 Version/12.1 Safari/604.1"), null);
});

test("numbers", () => {
  assert.equal(grouped(1207), "1,207");
  assert.equal(grouped(12), "12");
  assert.equal(grouped(1234567), "1,234,567");
  assert.equal(minutes(760_000), "12:40");
  assert.equal(minutes(59_001), "1:00");
  assert.equal(minutes(-5), "0:00");
});

test("texts with their values", () => {
  assert.equal(textIn("zh-Hant", "table.number", { N: 3 }), "第 3 桌");
  assert.equal(textIn("en", "person.count", { N: 1 }), "1 person");
  assert.equal(textIn("en", "person.count", { N: 1207 }), "1,207 people");
  assert.equal(textIn("en", "no.such"), "no.such");
});

test("what the session says in the reader's language, where it says it", () => {
  const statement = { id: "a", text: "樹蔭", lang: "zh-Hant", texts: { en: "Shade" } };
  assert.deepEqual(statementIn(statement, "en"), { text: "Shade", lang: "en" });
  assert.deepEqual(statementIn(statement, "zh-Hant"), { text: "樹蔭", lang: "zh-Hant" });
  assert.deepEqual(statementIn({ id: "b", text: "樹蔭", lang: "zh-Hant" }, "en"), { text: "樹蔭", lang: "zh-Hant" });
  const session = { ...state().session, title: "廣場", about: "談談", in: { en: { title: "Plaza" } } };
  assert.equal(sessionIn(session, "en").title, "Plaza");
  assert.equal(sessionIn(session, "en").about, "談談");
  assert.equal(questionIn({ ...question, in: { en: { low: "never" } } }, "en").low, "never");
});
