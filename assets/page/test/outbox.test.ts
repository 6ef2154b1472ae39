import assert from "node:assert/strict";
import test from "node:test";
import type { Reply } from "../src/hub/client";
import type { Failure, Verdict } from "../src/hub/types";
import { cellOf, Item, nextRev, randomHex } from "../src/outbox/item";
import { Outbox } from "../src/outbox/outbox";
import { LocalStore, MemoryStore, Store } from "../src/outbox/store";

const session = "s1";

interface Sent {
  token: string;
  items: { cid: string; kind: string; key: string; rev: number; value: unknown }[];
  waiting: number;
}

type Script = (sent: Sent) => Reply<Verdict | Failure>;

/** A hub that answers as the script says, a clock that stands still, and what came of it. */
class Bench {
  sent: Sent[] = [];
  log: string[] = [];
  timers: { act: () => void; ms: number }[] = [];
  clock = 1_000_000;
  outbox: Outbox;

  constructor(public script: Script, store: Store = new MemoryStore()) {
    const post = async (token: string, body: unknown) => {
      const sent = { token, ...(body as Omit<Sent, "token">) };
      this.sent.push(sent);
      return this.script(sent);
    };
    const outcomes = {
      changed: () => undefined,
      saved: (item: Item, late: boolean) => this.log.push((late ? "late " : "saved ") + item.key),
      stale: (item: Item, rev: number, value: unknown) => this.log.push(`stale ${item.key} ${rev} ${value}`),
      refused: (item: Item, reason: string) => this.log.push(`refused ${item.key} ${reason}`),
      unknown: (token: string) => this.log.push("unknown " + token),
    };
    this.outbox = new Outbox(store, post, outcomes, { now: () => this.clock, later: (act, ms) => this.timers.push({ act, ms }), random: () => 1 });
  }

  async add(key: string, value = "agree", part: Partial<Item> = {}): Promise<Item> {
    const item: Item = { cid: randomHex(16), session, token: "t1", kind: "vote", key, rev: nextRev(0, this.clock), value, at: this.clock, ...part };
    await this.outbox.add(item);
    await rest();
    return item;
  }

  /** The items of all calls but the first so many. */
  itemsSince(calls: number): Sent["items"] {
    return this.sent.slice(calls).reduce<Sent["items"]>((all, sent) => all.concat(sent.items), []);
  }

  /** Lets the next timer ring; gives how long it waited. */
  async ring(): Promise<number> {
    const timer = this.timers.shift();
    if (!timer) return -1;
    timer.act();
    await rest();
    return timer.ms;
  }
}

async function rest(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}

function reply(status: number, body: Verdict | null = null, after = 0): Reply<Verdict | Failure> {
  return { status, body, after };
}

const saveAll: Script = (sent) => reply(201, { session, saved: sent.items.map((item) => ({ cid: item.cid, receipt: "r" })), stale: [], refused: [] });
const nothing: Script = () => reply(0);

test("an item leaves on a 201 that names it", async () => {
  const bench = new Bench(saveAll);
  await bench.add("a");
  assert.deepEqual(bench.log, ["saved a"]);
  assert.equal(bench.outbox.waiting.length, 0);
});

test("an answer that came after the round was closed is saved, and told so", async () => {
  const bench = new Bench((sent) => reply(201, { session, saved: sent.items.map((item) => ({ cid: item.cid, receipt: "r", late: true })), stale: [], refused: [] }));
  await bench.add("a");
  assert.deepEqual(bench.log, ["late a"]);
  assert.equal(bench.outbox.waiting.length, 0);
});

test("anything else is not saved", async () => {
  const answers: [string, Script][] = [
    ["no answer", nothing],
    ["a portal's page", () => reply(200)],
    ["a 200 with the right words", (sent) => ({ ...saveAll(sent), status: 200 })],
    ["a redirect", () => reply(302)],
    ["another session", (sent) => reply(201, { session: "s2", saved: sent.items.map((item) => ({ cid: item.cid, receipt: "" })), stale: [], refused: [] })],
    ["a 201 without a body", () => reply(201)],
    ["a 201 that names another item", () => reply(201, { session, saved: [{ cid: "other", receipt: "" }], stale: [], refused: [] })],
    ["a fault", () => reply(500)],
    ["full", () => reply(507)],
  ];
  for (const [name, script] of answers) {
    const bench = new Bench(script);
    await bench.add("a");
    assert.equal(bench.outbox.waiting.length, 1, name);
    assert.deepEqual(bench.log, [], name);
    assert.equal(bench.timers.length, 1, name + ": tries again");
  }
});

test("an item of a batch that is not named stays", async () => {
  const bench = new Bench(nothing);
  await bench.add("a");
  await bench.add("b");
  bench.script = (sent) => (sent.items.length > 1 ? reply(201, { session, saved: [{ cid: (sent.items[0] as { cid: string }).cid, receipt: "" }], stale: [], refused: [] }) : reply(0));
  bench.outbox.flush();
  await rest();
  assert.deepEqual(bench.outbox.waiting.map((item) => item.key), ["b"]);
});

test("queued changes of a cell become one", async () => {
  const bench = new Bench(nothing);
  await bench.add("a", "agree");
  await bench.add("a", "disagree");
  await bench.add("b", "pass");
  await bench.add("a", "pass", { token: "t2" });
  await bench.add("", "x", { kind: "statement" });
  await bench.add("", "y", { kind: "statement" });
  assert.deepEqual(bench.outbox.waiting.map((item) => item.key + item.value), ["adisagree", "bpass", "apass", "x", "y"]);
});

test("the waiting times: half a second doubling to fifteen, and Retry-After", async () => {
  const bench = new Bench(nothing);
  await bench.add("a");
  const waits: number[] = [];
  for (let i = 0; i < 7; i++) waits.push(await bench.ring());
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15000, 15000]);
  bench.script = () => reply(503, null, 30);
  await bench.ring();
  assert.ok((bench.timers[0] as { ms: number }).ms >= 30000, "Retry-After is kept");
});

test("a return to the page sends at once and starts over", async () => {
  const bench = new Bench(nothing);
  await bench.add("a");
  await bench.ring();
  await bench.ring();
  bench.script = saveAll;
  bench.outbox.flush();
  await rest();
  assert.deepEqual(bench.log, ["saved a"]);
  const sent = bench.sent.length;
  await bench.ring();
  assert.equal(bench.sent.length, sent, "the old timer no longer sends");
});

test("the same cid on every try", async () => {
  const bench = new Bench(nothing);
  const item = await bench.add("a");
  await bench.ring();
  await bench.ring();
  assert.deepEqual(bench.sent.map((sent) => (sent.items[0] as { cid: string }).cid), [item.cid, item.cid, item.cid]);
});

test("a young tap beats a newer value of the hub, an old one gives way", async () => {
  const hubRev = 9_000_000;
  let rounds = 0;
  const bench = new Bench((sent) => (rounds++ === 0 ? reply(201, { session, saved: [], stale: [{ cid: (sent.items[0] as { cid: string }).cid, rev: hubRev, value: "pass" }], refused: [] }) : saveAll(sent)));
  const first = await bench.add("a");
  await rest();
  assert.deepEqual(bench.log, ["saved a"]);
  const again = (bench.sent[1] as Sent).items[0] as { cid: string; rev: number; value: string };
  assert.equal(again.rev, hubRev + 1);
  assert.equal(again.value, "agree");
  assert.ok(again.cid !== first.cid);

  const old = new Bench((sent) => reply(201, { session, saved: [], stale: [{ cid: (sent.items[0] as { cid: string }).cid, rev: hubRev, value: "pass" }], refused: [] }));
  await old.add("a", "agree", { at: old.clock - 10_000 });
  assert.deepEqual(old.log, [`stale a ${hubRev} pass`]);
  assert.equal(old.outbox.waiting.length, 0);
});

test("a refusal leaves with its reason", async () => {
  const bench = new Bench((sent) => reply(201, { session, saved: [], stale: [], refused: [{ cid: (sent.items[0] as { cid: string }).cid, reason: "closed" }] }));
  await bench.add("a");
  assert.deepEqual(bench.log, ["refused a closed"]);
  assert.equal(bench.outbox.waiting.length, 0);
});

test("an unknown token keeps its items and lets others through", async () => {
  const bench = new Bench((sent) => (sent.token === "t1" ? reply(401) : saveAll(sent)));
  await bench.add("a");
  await bench.add("b", "pass", { token: "t2" });
  assert.deepEqual(bench.log, ["unknown t1", "saved b"]);
  assert.deepEqual(bench.outbox.waiting.map((item) => item.key), ["a"]);
});

test("people before and after a hand-over are sent under their own tokens", async () => {
  const bench = new Bench(nothing);
  await bench.add("a");
  await bench.add("a", "pass", { token: "t2" });
  bench.sent = [];
  bench.script = saveAll;
  bench.outbox.flush();
  await rest();
  assert.deepEqual(bench.sent.map((sent) => [sent.token, sent.items.length, sent.waiting]), [["t1", 1, 1], ["t2", 1, 0]]);
});

test("at most fifty at once, and what still waits is told", async () => {
  const bench = new Bench(nothing);
  for (let i = 0; i < 70; i++) await bench.add("k" + i);
  bench.sent = [];
  bench.script = saveAll;
  bench.outbox.flush();
  await rest();
  await rest();
  assert.deepEqual(bench.sent.map((sent) => [sent.items.length, sent.waiting]), [[50, 20], [20, 0]]);
});

// The store takes its time, so that the newer tap is still on its way into it when the
// older one comes back as stale and is to be sent again.
test("what is sent again never takes the place of a newer tap", async () => {
  class SlowStore extends MemoryStore {
    override async put(item: Item, instead: string[]): Promise<void> {
      for (let i = 0; i < 10; i++) await Promise.resolve();
      return super.put(item, instead);
    }
  }
  let answers = 0;
  const bench: Bench = new Bench((sent) => {
    if (++answers > 1) return saveAll(sent);
    bench.clock += 1;
    void bench.outbox.add({ cid: randomHex(16), session, token: "t1", kind: "vote", key: "a", rev: 9_000_000, value: "disagree", at: bench.clock });
    const [item] = sent.items;
    return reply(201, { session, saved: [], stale: item ? [{ cid: item.cid, rev: item.rev + 5, value: "pass" }] : [], refused: [] });
  }, new SlowStore());
  await bench.add("a");
  await rest();
  await rest();
  assert.equal(bench.outbox.waiting.length, 0);
  const last = bench.sent.map((sent) => sent.items).reduce((all, items) => all.concat(items), []).pop();
  assert.equal(last && last.value, "disagree");
});

test("an answer that makes no sense does not stop the outbox", async () => {
  const bench = new Bench(() => reply(201, { session, saved: 7, stale: [], refused: [] } as never));
  await bench.add("a");
  assert.equal(bench.outbox.waiting.length, 1);
  bench.script = saveAll;
  await bench.ring();
  assert.deepEqual(bench.log, ["saved a"]);
});

test("one spoilt item does not hold up the others, and stays", async () => {
  const bench = new Bench(nothing);
  for (const key of ["a", "bad", "c"]) await bench.add(key);
  bench.script = (sent) => (sent.items.some((item) => item.key === "bad") ? reply(400) : saveAll(sent));
  bench.outbox.flush();
  for (let i = 0; i < 10; i++) await rest();
  assert.deepEqual(bench.outbox.waiting.map((item) => item.key), ["bad"]);
  assert.deepEqual(bench.log.slice().sort(), ["refused bad other", "saved a", "saved c"]);
});

test("what waits is there after the page was closed", async () => {
  const kept: Record<string, string> = {};
  const storage = { getItem: (key: string) => kept[key] || null, setItem: (key: string, value: string) => void (kept[key] = value) };
  const before = new Bench(nothing, new LocalStore(storage));
  await before.add("a");
  const after = new Bench(saveAll, new LocalStore(storage));
  await after.outbox.open();
  assert.deepEqual(after.outbox.waiting.map((item) => item.key), ["a"]);
  after.outbox.flush();
  await rest();
  assert.deepEqual(after.log, ["saved a"]);
  assert.deepEqual(await new LocalStore(storage).all(), []);
});

test("a full disk: on in memory, nothing lost, and the page is told", async () => {
  const full = new LocalStore({ getItem: () => null, setItem: () => { throw new Error("full"); } });
  const bench = new Bench(nothing, full);
  await bench.add("a");
  assert.equal(bench.outbox.lasting, false);
  assert.equal(bench.outbox.waiting.length, 1);
});

test("revisions", () => {
  assert.equal(nextRev(0, 1700), 1700);
  assert.equal(nextRev(5000, 1700), 5001, "a clock that went back");
  assert.equal(nextRev(1700, 1700), 1701, "twice in one millisecond");
  assert.equal(nextRev(7, -1), 8, "a clock before 1970");
  assert.equal(nextRev(7, Math.pow(2, 53)), 8, "a clock beyond what hubs take");
  assert.equal(nextRev(7, NaN), 8);
});

test("cells", () => {
  const item: Item = { cid: "c1", session, token: "t", kind: "vote", key: "a", rev: 1, value: "agree", at: 1 };
  assert.equal(cellOf(item), cellOf({ ...item, cid: "c2", rev: 2 }));
  assert.ok(cellOf(item) !== cellOf({ ...item, token: "u" }));
  assert.ok(cellOf({ ...item, kind: "statement" }) !== cellOf({ ...item, kind: "statement", cid: "c2" }));
  assert.ok(/^[0-9a-f]{32}$/.test(randomHex(16)));
});

test("a statement that came too soon waits and is sent again, nothing is given up", async () => {
  let calls = 0;
  const bench = new Bench((sent) => {
    const cid = (sent.items[0] as { cid: string }).cid;
    return calls++ === 0 ? reply(201, { session, saved: [], stale: [], refused: [{ cid, reason: "too_many_statements" }] }) : saveAll(sent);
  });
  await bench.add("", "", { kind: "statement", value: { text: "Benches help.", lang: "en" } });
  assert.equal(bench.outbox.waiting.length, 1);
  assert.deepEqual(bench.log, []);
  bench.outbox.flush();
  await rest();
  assert.equal(bench.sent.length, 1, "it is not sent before its time");
  bench.clock += 20_001;
  while (bench.timers.length > 0 && bench.outbox.waiting.length > 0) await bench.ring();
  assert.equal(bench.outbox.waiting.length, 0);
  assert.deepEqual(bench.log, ["saved "]);
});

test("what waits under a token of before goes along to the new one, in its own session only", async () => {
  const store = new MemoryStore();
  const bench = new Bench((sent) => (sent.token === "new" ? saveAll(sent) : reply(401)), store);
  await bench.add("a", "agree", { token: "old" });
  await bench.add("b", "agree", { token: "old", session: "s2" });
  await bench.add("c", "agree", { token: "stranger" });
  await bench.outbox.adopt(["old"], "new", session);
  await rest();
  assert.deepEqual(bench.log.filter((line) => line.indexOf("saved") === 0), ["saved a"]);
  assert.deepEqual((await store.all()).map((item) => item.key + " " + item.token).sort(), ["b old", "c stranger"]);
});

test("at another hub what was acknowledged of late is sent again, once more and in silence", async () => {
  const bench = new Bench(saveAll);
  bench.outbox.remember("t1");
  await bench.add("old");
  bench.clock += 60_000;
  const first = await bench.add("a");
  await bench.add("b", "agree");
  bench.clock += 5;
  await bench.add("b", "disagree");
  const before = bench.sent.length;
  const told = bench.log.length;
  await bench.outbox.repeat();
  await rest();
  const again = bench.itemsSince(before);
  assert.deepEqual(again.map((item) => [item.key, item.value]), [["a", "agree"], ["b", "disagree"]]);
  assert.equal((again[0] as { cid: string }).cid, first.cid, "the same item, so that it counts once");
  assert.equal(bench.outbox.waiting.length, 0);
  assert.equal(bench.log.length, told, "nobody is told of it a second time");
});

test("what a hub acknowledged waits until another has it", async () => {
  const bench = new Bench(saveAll);
  bench.outbox.remember("t1");
  await bench.add("a");
  bench.script = nothing;
  await bench.outbox.repeat();
  await rest();
  assert.deepEqual(bench.outbox.waiting.map((item) => item.key), ["a"]);
  bench.script = saveAll;
  await bench.ring();
  assert.equal(bench.outbox.waiting.length, 0);
});

test("a newer value of the other hub stays, however young the tap that is sent again", async () => {
  const bench = new Bench(saveAll);
  bench.outbox.remember("t1");
  await bench.add("a");
  bench.script = (sent) => reply(201, { session, saved: [], stale: sent.items.map((item) => ({ cid: item.cid, rev: item.rev + 7, value: "pass" })), refused: [] });
  const before = bench.sent.length;
  await bench.outbox.repeat();
  await rest();
  assert.equal(bench.sent.length, before + 1);
  assert.equal(bench.outbox.waiting.length, 0);
  assert.deepEqual(bench.log, ["saved a"]);
});

test("a newer tap that waits is not replaced by what was acknowledged before it", async () => {
  const bench = new Bench(saveAll);
  bench.outbox.remember("t1");
  await bench.add("a", "agree");
  bench.script = nothing;
  bench.clock += 5;
  await bench.add("a", "disagree");
  await bench.outbox.repeat();
  await rest();
  assert.deepEqual(bench.outbox.waiting.map((item) => item.value), ["disagree"]);
});

test("a vote on a statement that the other hub has not got yet waits for it", async () => {
  const bench = new Bench(saveAll);
  bench.outbox.remember("t1");
  await bench.outbox.repeat();
  let unknown = true;
  bench.script = (sent) => (unknown ? reply(201, { session, saved: [], stale: [], refused: sent.items.map((item) => ({ cid: item.cid, reason: "unknown_statement" })) }) : saveAll(sent));
  await bench.add("a");
  assert.deepEqual([bench.outbox.waiting.length, bench.log], [1, []]);
  unknown = false;
  bench.clock += 3_001;
  while (bench.timers.length > 0 && bench.outbox.waiting.length > 0) await bench.ring();
  assert.deepEqual([bench.outbox.waiting.length, bench.log], [0, ["saved a"]]);
  unknown = true;
  bench.clock += 120_000;
  await bench.add("b");
  assert.deepEqual(bench.log, ["saved a", "refused b unknown_statement"]);
});

test("what was acknowledged is bounded, and forgotten where the device is passed on", async () => {
  const bench = new Bench(saveAll);
  bench.outbox.remember("t1");
  for (let i = 0; i < 230; i++) await bench.add("k" + i);
  let before = bench.sent.length;
  await bench.outbox.repeat();
  for (let i = 0; i < 20; i++) await rest();
  assert.equal(bench.itemsSince(before).length, 200);
  await bench.add("before");
  bench.outbox.remember("t2");
  await bench.add("after");
  before = bench.sent.length;
  await bench.outbox.repeat();
  await rest();
  assert.equal(bench.sent.length, before);
});
