// Holds what a person did until the hub says that it is on its disk. An item
// leaves only when a 201 names its session and its cid; everything else, a
// portal's page or a broken line, leaves it where it is.
import type { Reply } from "../hub/client";
import { Retry } from "../hub/retry";
import type { Failure, Value, Verdict } from "../hub/types";
import { cellOf, Item, nextRev, randomHex } from "./item";
import { MemoryStore, Store } from "./store";

export type Post = (token: string, body: unknown) => Promise<Reply<Verdict | Failure>>;

export interface Outcomes {
  /** The items that wait, after every change. */
  changed(items: Item[]): void;
  /** On the hub's disk; late when its round was closed already. */
  saved(item: Item, late: boolean): void;
  /** The hub holds a newer value, and keeps it. */
  stale(item: Item, rev: number, value: Value): void;
  refused(item: Item, reason: string, limit: number): void;
  /** The hub does not know the token: what waits under it stays. */
  unknown(token: string): void;
}

export interface Surroundings {
  now(): number;
  later(act: () => void, milliseconds: number): void;
  random(): number;
}

const atOnce = 50;
const bytesAtOnce = 60000;
/** A tap this young is sent again over a newer value of the hub. */
const young = 10000;
/** A statement that came too soon after others waits this long; nothing written is given up for that. */
const tooSoon = 20000;
/** For so long what a hub acknowledged is remembered, so many items at most, should it vanish before others have it. */
const rememberedFor = 60000;
const remembered = 200;
/** How long a vote waits until it asks again whether its statement is there. */
const statementLate = 3000;
/** After the page has come to another hub, a vote waits so long for a statement which that has not got yet. */
const settling = 120000;

export class Outbox {
  private items: Item[] = [];
  private queue: Promise<unknown> = Promise.resolve();
  private sending = false;
  private again = false;
  private timer = 0;
  private batch = atOnce;
  private retry: Retry;
  private parked: Record<string, boolean> = {};
  private notBefore: Record<string, number> = {};
  /** What was acknowledged of late: in memory only, since a page that is opened anew was at no other hub. */
  private acknowledged: { item: Item; at: number }[] = [];
  private remembers = "";
  private settledBy = 0;

  constructor(private store: Store, private post: Post, private outcomes: Outcomes, private around: Surroundings) {
    this.retry = new Retry(around.random);
  }

  get lasting(): boolean {
    return this.store.lasting;
  }

  get waiting(): Item[] {
    return this.items;
  }

  async open(): Promise<void> {
    this.items = await this.store.all();
    this.outcomes.changed(this.items);
  }

  /** Keeps an item, in place of earlier changes of the same cell, and sends it. */
  async add(item: Item): Promise<void> {
    await this.keep(item);
    this.flush();
  }

  /** Sends what waits now, whatever the schedule says. */
  flush(): void {
    this.timer++;
    this.retry.reset();
    void this.send();
  }

  /** Gives items of a session's other tokens to the one that took their place. */
  async adopt(tokens: string[], token: string, session: string): Promise<void> {
    const mine = (item: Item) => tokens.indexOf(item.token) >= 0 && item.session === session;
    await this.next(async () => {
      for (const item of this.items.filter(mine)) await this.store.put({ ...item, token }, [item.cid]);
      this.items = this.items.map((item) => (mine(item) ? { ...item, token } : item));
      this.outcomes.changed(this.items);
    });
    this.flush();
  }

  /**
   * Sends again, to another hub, what was acknowledged of late: the one that did so may
   * have vanished before any other got it. Where it is known it counts once all the same.
   */
  async repeat(): Promise<void> {
    const now = this.around.now();
    this.settledBy = now + settling;
    for (const { item, at } of this.acknowledged.splice(0)) {
      if (now - at < rememberedFor) await this.keep({ ...item, again: true });
    }
    this.flush();
  }

  /** Whose acknowledged items are remembered; "" for nobody's. Those of others are forgotten. */
  remember(token: string): void {
    this.remembers = token;
    this.acknowledged = this.acknowledged.filter(({ item }) => item.token === token);
  }

  /** Tries a token again that a hub did not know. */
  unpark(): void {
    this.parked = {};
  }

  private keep(item: Item): Promise<void> {
    return this.next(async () => {
      const cell = cellOf(item);
      // What is sent again after a reply may come behind a newer tap.
      if (this.items.some((other) => cellOf(other) === cell && other.rev > item.rev)) return;
      const instead = this.items.filter((other) => cellOf(other) === cell).map((other) => other.cid);
      try {
        await this.store.put(item, instead);
      } catch {
        await this.fallBack();
        await this.store.put(item, instead);
      }
      this.items = this.items.filter((other) => instead.indexOf(other.cid) < 0).concat(item);
      this.outcomes.changed(this.items);
    });
  }

  private drop(cids: string[]): Promise<void> {
    return this.next(async () => {
      await this.store.remove(cids).catch(() => undefined);
      this.items = this.items.filter((item) => cids.indexOf(item.cid) < 0);
      cids.forEach((cid) => delete this.notBefore[cid]);
      this.outcomes.changed(this.items);
    });
  }

  // The disk is full, or the browser took the storage away: go on in memory,
  // which the page says.
  private async fallBack(): Promise<void> {
    const memory = new MemoryStore();
    for (const item of this.items) await memory.put(item, []);
    this.store = memory;
  }

  private next(act: () => Promise<void>): Promise<void> {
    const done = this.queue.then(act);
    this.queue = done.catch(() => undefined);
    return done;
  }

  private async send(): Promise<void> {
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    let wait = 0;
    try {
      for (let batch = this.choose(); batch.length > 0 && wait === 0; batch = this.choose()) {
        wait = await this.exchange(batch);
      }
    } catch {
      wait = this.retry.next(0); // an answer that makes no sense: nothing of it is believed
    }
    this.sending = false;
    const postponed = this.items.some((item) => this.early(item));
    if (wait > 0 || postponed) this.schedule(wait || this.soonest());
    if (this.again) {
      this.again = false;
      if (wait === 0) void this.send();
    }
  }

  /** When the first of what was postponed may be sent. */
  private soonest(): number {
    const times = this.items.filter((item) => this.early(item)).map((item) => this.notBefore[item.cid] || 0);
    return Math.max(500, Math.min(...times) - this.around.now());
  }

  private early(item: Item): boolean {
    return (this.notBefore[item.cid] || 0) > this.around.now();
  }

  private schedule(milliseconds: number): void {
    const mine = ++this.timer;
    this.around.later(() => {
      if (mine === this.timer) void this.send();
    }, milliseconds);
  }

  private choose(): Item[] {
    const open = this.items.filter((item) => !this.parked[item.token] && !this.parked[item.cid] && !this.early(item));
    const token = open[0] ? open[0].token : "";
    const batch: Item[] = [];
    let bytes = 0;
    for (const item of open) {
      if (item.token !== token) continue;
      bytes += JSON.stringify(item).length * 3;
      if (batch.length > 0 && (batch.length >= this.batch || bytes > bytesAtOnce)) break;
      batch.push(item);
    }
    return batch;
  }

  /** Sends a batch; gives how long to wait before the next, 0 to go on. */
  private async exchange(batch: Item[]): Promise<number> {
    const token = (batch[0] as Item).token;
    const items = batch.map(({ cid, kind, key, rev, value }) => ({ cid, kind, key, rev, value }));
    const reply = await this.post(token, { items, waiting: this.items.length - batch.length });
    if (reply.status === 201 && (await this.settle(batch, reply.body as Verdict | null))) {
      this.retry.reset();
      this.batch = atOnce;
      return 0;
    }
    if (reply.status === 401) return this.park(token);
    if (reply.status === 413 || reply.status === 400) return this.split(batch);
    return this.retry.next(reply.after);
  }

  private park(token: string): number {
    this.parked[token] = true;
    this.outcomes.unknown(token);
    return 0;
  }

  // One item may spoil the batch: send by halves, and set the one aside. It
  // stays on the device, since no hub has named it.
  private split(batch: Item[]): number {
    if (batch.length > 1) {
      this.batch = Math.max(1, Math.floor(batch.length / 2));
    } else {
      const item = batch[0] as Item;
      this.parked[item.cid] = true;
      this.outcomes.refused(item, "other", 0);
    }
    return 0;
  }

  /** Takes a verdict apart; false when it says nothing about these items. */
  private async settle(batch: Item[], verdict: Verdict | null): Promise<boolean> {
    if (!verdict || !verdict.session) return false;
    const mine: Record<string, Item> = {};
    batch.filter((item) => item.session === verdict.session).forEach((item) => (mine[item.cid] = item));
    const done: Item[] = [];
    const take = <T extends { cid: string }>(list: T[] | null | undefined, act: (item: Item, entry: T) => void) =>
      (list || []).forEach((entry) => {
        const item = mine[entry.cid];
        if (!item) return;
        delete mine[entry.cid];
        done.push(item);
        act(item, entry);
      });
    const fresh: Item[] = [];
    take(verdict.saved, (item, entry) => {
      if (item.token === this.remembers) this.acknowledged = this.acknowledged.slice(1 - remembered).concat({ item, at: this.around.now() });
      if (!item.again) this.outcomes.saved(item, entry.late === true);
    });
    take(verdict.stale, (item, entry) => {
      if (item.again) return; // it is the hub's value that came after it
      if (this.around.now() - item.at < young && this.newest(item)) {
        fresh.push({ ...item, cid: randomHex(16), rev: nextRev(entry.rev, item.rev) });
      } else {
        this.outcomes.stale(item, entry.rev, entry.value);
      }
    });
    take(verdict.refused, (item, entry) => {
      const early = entry.reason === "unknown_statement" && this.around.now() < this.settledBy;
      if (early || entry.reason === "too_many_statements") this.notBefore[item.cid] = this.around.now() + (early ? statementLate : tooSoon);
      else if (!item.again) this.outcomes.refused(item, entry.reason, entry.limit || 0);
    });
    if (done.length === 0) return false;
    for (const item of fresh) await this.keep(item);
    await this.drop(done.filter((item) => !this.early(item)).map((item) => item.cid));
    return true;
  }

  private newest(item: Item): boolean {
    const cell = cellOf(item);
    return !this.items.some((other) => other.cid !== item.cid && cellOf(other) === cell && other.rev > item.rev);
  }
}
