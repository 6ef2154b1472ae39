// The participants' page without its drawing: who the person is, what the hub
// told, what waits, and what taps do to it.
import { Client } from "../hub/client";
import { Link, onReturn } from "../hub/link";
import type { Cell, Failure, Joined, LiveEvent, State, Step, Value, Verdict, Vote } from "../hub/types";
import { Item, nextRev, randomHex } from "../outbox/item";
import { Outbox } from "../outbox/outbox";
import { openStore } from "../outbox/store";
import { clean } from "../write/coach";
import { isLanguage, Language, setLanguage } from "../words/words";
import { answersOf, history, votesOf } from "./ballot";
import { blankIdentity, Device, Identity, loadDevice, loadIdentity, loadState, saveDevice, saveIdentity, saveState, Stage } from "./keep";
import { Known, Screen, screenOf, Wish } from "./place";

export type Notice =
  | { kind: "newer" }
  | { kind: "refused"; reason: string; limit: number }
  | { kind: "kept"; live: boolean }
  | { kind: "wrong_code" }
  | { kind: "too_many"; seconds: number }
  | { kind: "replaced" };

export class Model {
  identity: Identity | null = loadIdentity();
  device: Device = loadDevice();
  state: State | null = loadState(this.identity);
  reach = true;
  joined = false;
  joining = false;
  wish: Wish = null;
  /** The statement on screen. */
  current = "";
  /** The answered statement that is shown again. */
  earlier = "";
  notice: Notice | null = null;
  waiting: Item[] = [];
  lasting = true;
  /** Hub clock minus this device's clock, ms. */
  offset = 0;
  private sessionSeen = false;
  private client = new Client();
  private link: Link | null = null;
  private outbox: Outbox | null = null;
  private fetching = false;
  private fetchAgain = false;

  constructor(private draw: () => void) {
    setLanguage(this.device.language);
  }

  async start(code: string): Promise<void> {
    if (this.state) this.client.learn(this.state.hubs || []);
    const store = await openStore();
    const around = { now: () => Date.now(), random: Math.random, later: (act: () => void, ms: number) => void setTimeout(act, ms) };
    this.outbox = new Outbox(store, (token, body) => this.client.post<Verdict | Failure>("/items", body, token), this.outcomes(), around);
    await this.outbox.open();
    onReturn(() => this.returned());
    if (this.identity && (code === "" || code === this.identity.code)) this.connect();
    else if (code !== "" && !(this.device.shared && !this.identity)) await this.join(code);
    this.outbox.flush();
    this.draw();
  }

  get screen(): Screen {
    return screenOf(this.known());
  }

  known(): Known {
    const { identity, state, reach, joined, wish, current } = this;
    return { identity, state, reach, joined, shared: this.device.shared && this.device.code !== "", wish, current };
  }

  /** What waits of this session's people, and what is left of earlier sessions. */
  get waitingHere(): number {
    return this.waiting.filter((item) => !this.identity || !this.identity.session || item.session === this.identity.session).length;
  }

  get waitingElsewhere(): number {
    return this.waiting.length - (this.identity ? this.waitingHere : 0);
  }

  now(): number {
    return Date.now() + this.offset;
  }

  // Joining and leaving

  async join(code: string): Promise<void> {
    if (this.joining) return;
    this.joining = true;
    this.notice = null;
    const same = this.identity && this.identity.code === code && this.identity.session === "" ? this.identity : null;
    const identity = same || blankIdentity(code, randomHex(32));
    this.draw();
    // Kept before it is sent: a lost reply then finds the same person again.
    saveIdentity(identity);
    const reply = await this.client.post<Joined & Failure>("/join", { code, token: identity.token, lang: this.device.language, name: "" });
    this.joining = false;
    if (reply.status === 201 && reply.body && reply.body.person) {
      identity.session = reply.body.session;
      this.device = { ...this.device, code };
      saveDevice(this.device);
      this.identity = identity;
      this.joined = true;
      this.state = null;
      saveIdentity(identity);
      this.connect();
    } else if (reply.status === 403 || reply.status === 429) {
      saveIdentity(null);
      this.identity = null;
      this.notice = reply.status === 403 ? { kind: "wrong_code" } : { kind: "too_many", seconds: reply.after || 30 };
    } else {
      this.identity = identity;
      this.reach = false;
      setTimeout(() => this.retryJoin(), 2000 + Math.random() * 2000);
    }
    this.draw();
  }

  retryJoin(): void {
    if (this.identity && this.identity.session === "" && !this.joining) void this.join(this.identity.code);
    else if (this.link) this.link.kick();
  }

  /** The next person takes the device: token, answers on screen and state go; what waits stays in the outbox. */
  passOn(): void {
    if (this.link) this.link.stop();
    this.link = null;
    const code = this.identity ? this.identity.code : this.device.code;
    this.device = { ...this.device, shared: true, code };
    saveDevice(this.device);
    this.forget();
    this.draw();
  }

  nextPerson(): void {
    void this.join(this.device.code);
  }

  /** Another code: leaves the shared device's session. */
  otherCode(): void {
    this.device = { ...this.device, code: "" };
    saveDevice(this.device);
    this.draw();
  }

  private forget(): void {
    this.identity = null;
    this.state = null;
    this.joined = false;
    this.sessionSeen = false;
    this.wish = null;
    this.current = this.earlier = "";
    this.notice = null;
    saveIdentity(null);
    saveState(null, null);
  }

  private unknown(token: string): void {
    if (!this.identity || this.identity.token !== token) return;
    if (this.link) this.link.stop();
    this.link = null;
    this.forget();
    this.device = { ...this.device, code: "" };
    saveDevice(this.device);
    this.notice = { kind: "replaced" };
    this.draw();
  }

  // The hub

  private connect(): void {
    const identity = this.identity;
    if (!identity) return;
    if (identity.session === "") return void this.join(identity.code);
    const link: Link = new Link(this.client, "/live", identity.token, {
      event: (data) => this.event(data as LiveEvent),
      poll: () => this.fetchState(),
      reach: (here) => this.reached(here),
      unknown: () => this.unknown(identity.token),
      lost: () => this.client.move(identity.session),
    });
    this.link = link;
    link.start();
    void this.fetchState();
  }

  private returned(): void {
    if (this.outbox) {
      this.outbox.unpark();
      this.outbox.flush();
    }
    if (this.link) this.link.kick();
    this.draw();
  }

  private reached(here: boolean): void {
    this.reach = here;
    if (here) {
      if (this.outbox) this.outbox.flush();
      void this.fetchState();
    }
    this.draw();
  }

  private event(event: LiveEvent): void {
    this.offset = event.now - Date.now();
    if (event.hubs) this.client.learn(event.hubs);
    if (this.state) {
      if (event.counts) this.state.counts = event.counts;
      if (event.step !== undefined) this.step(event.step);
    }
    if (!this.state || event.version !== this.state.version) void this.fetchState();
    this.draw();
  }

  /** Asks for the state; false when no hub answered. */
  private async fetchState(): Promise<boolean> {
    const identity = this.identity;
    if (!identity || identity.session === "") return false;
    if (this.fetching) {
      this.fetchAgain = true;
      return true;
    }
    this.fetching = true;
    const since = this.state && this.sessionSeen ? this.state.version : 0;
    const reply = await this.client.get<State>("/state?since=" + since, identity.token);
    this.fetching = false;
    if (identity !== this.identity) return true;
    if (reply.status === 401) this.unknown(identity.token);
    if (reply.status === 200 && reply.body) this.take(identity, reply.body);
    if (this.fetchAgain) {
      this.fetchAgain = false;
      void this.fetchState();
    }
    return reply.status === 200;
  }

  private take(identity: Identity, told: State): void {
    this.offset = told.now - Date.now();
    if (told.unchanged) return;
    if (!told.session || told.session.id !== identity.session) return;
    const step = told.step;
    if (!this.device.chosen && isLanguage(told.session.language) && told.session.languages.indexOf(this.device.language) < 0) this.setLanguage(told.session.language, false);
    if (this.state) this.step(step);
    this.state = told;
    this.sessionSeen = true;
    this.client.learn(told.hubs || []);
    saveState(identity, told);
    this.draw();
  }

  // A new step moves everybody's screen, once.
  private step(step: Step | null): void {
    if (!this.state) return;
    const before = this.state.step;
    const moved = (before ? before.id + before.open : "") !== (step ? step.id + step.open : "");
    if (moved && this.wish !== "about" && this.wish !== "write") this.wish = null;
    this.state.step = step;
  }

  // What a person does

  setLanguage(language: Language, chosen = true): void {
    this.device = { ...this.device, language, chosen };
    saveDevice(this.device);
    setLanguage(language);
    if (chosen && this.identity && this.identity.session) this.send("person", "lang", language, 0);
    this.draw();
  }

  go(stage: Stage): void {
    this.change({ stage });
  }

  want(wish: Wish): void {
    this.wish = wish;
    this.notice = null;
    this.draw();
  }

  setName(name: string): void {
    const cleaned = clean(name);
    if (cleaned !== "" || (this.identity && this.identity.name !== "")) this.send("person", "name", cleaned, 0);
    this.change({ name: cleaned, stage: this.state && this.state.session.practice ? "practice" : "ready" });
  }

  vote(id: string, value: Vote | "none"): void {
    if (!this.identity) return;
    const known = votesOf(this.state, this.identity)[id];
    const rev = this.send("vote", id, value, known ? known.rev : 0);
    this.notice = null;
    if (this.wish === "earlier") this.wish = "vote";
    this.current = "";
    this.change({ votes: { ...this.identity.votes, [id]: { value, rev } } });
  }

  answer(question: string, value: number): void {
    if (!this.identity) return;
    const known = answersOf(this.state, this.identity)[question];
    const rev = this.send("answer", question, value, known ? known.rev : 0);
    if (this.wish === "question") this.wish = null;
    this.change({ answers: { ...this.identity.answers, [question]: { value, rev } } });
  }

  skipQuestion(): void {
    if (this.wish === "question") this.wish = null;
    this.change({ skipped: true });
  }

  /** Shows the latest answer again, then the one before it, and so on. */
  back(): void {
    if (!this.identity || !this.state) return;
    const list = history(this.state, votesOf(this.state, this.identity));
    const at = this.wish === "earlier" ? list.map((s) => s.id).indexOf(this.earlier) + 1 : 0;
    const one = list[at] || list[list.length - 1];
    if (!one) return;
    this.earlier = one.id;
    this.want("earlier");
  }

  draft(draft: string): void {
    this.change({ draft });
  }

  write(text: string): void {
    this.send("statement", "", { text: clean(text), lang: this.device.language }, 0);
    this.notice = { kind: "kept", live: !(this.state && this.state.session.moderated) };
    this.change({ draft: "" });
  }

  dismiss(): void {
    this.notice = null;
    this.draw();
  }

  /** The person's statements that still wait on this device. */
  get unsent(): Item[] {
    const token = this.identity ? this.identity.token : "";
    return this.waiting.filter((item) => item.kind === "statement" && item.token === token);
  }

  private change(part: Partial<Identity>): void {
    if (!this.identity) return;
    this.identity = Object.assign(this.identity, part);
    saveIdentity(this.identity);
    this.draw();
  }

  private send(kind: Item["kind"], key: string, value: Value, known: number): number {
    const identity = this.identity;
    if (!identity || !this.outbox) return known;
    const at = Date.now();
    const rev = nextRev(known, at);
    void this.outbox.add({ cid: randomHex(16), session: identity.session, token: identity.token, kind, key, rev, value, at });
    return rev;
  }

  private outcomes() {
    return {
      changed: (items: Item[]) => {
        this.waiting = items;
        this.lasting = !this.outbox || this.outbox.lasting;
        this.draw();
      },
      saved: (item: Item) => {
        if (item.kind === "statement") void this.fetchState();
      },
      stale: (item: Item, rev: number, value: Value) => {
        this.learn(item, { value, rev });
        if (this.mine(item)) this.notice = { kind: "newer" };
        this.draw();
      },
      refused: (item: Item, reason: string, limit: number) => this.refused(item, reason, limit),
      unknown: (token: string) => this.unknown(token),
    };
  }

  private refused(item: Item, reason: string, limit: number): void {
    if (!this.mine(item) || !this.identity) return;
    this.notice = { kind: "refused", reason, limit };
    const value = item.value;
    if (item.kind === "statement" && typeof value === "object" && this.identity.draft === "") {
      this.wish = "write";
      this.change({ draft: value.text });
    }
    if (item.kind === "vote") this.change({ votes: dropped(this.identity.votes, item) });
    if (item.kind === "answer") this.change({ answers: dropped(this.identity.answers, item) });
    this.sessionSeen = false;
    void this.fetchState();
    this.draw();
  }

  private learn(item: Item, cell: { value: Value; rev: number }): void {
    if (!this.mine(item) || !this.identity) return;
    if (item.kind === "vote") this.change({ votes: { ...this.identity.votes, [item.key]: cell as Cell<string> } });
    if (item.kind === "answer") this.change({ answers: { ...this.identity.answers, [item.key]: cell as Cell<number> } });
  }

  private mine(item: Item): boolean {
    return this.identity !== null && this.identity.token === item.token;
  }
}

function dropped<V>(cells: Record<string, Cell<V>>, item: Item): Record<string, Cell<V>> {
  const rest = { ...cells };
  const cell = rest[item.key];
  if (cell && cell.rev <= item.rev) delete rest[item.key];
  return rest;
}
