// The participants' page without its drawing: who the person is, what the hub
// told, what waits, and what taps do to it.
import { Client, Reply } from "../hub/client";
import { onReturn } from "../hub/link";
import type { Alive, Failure, Joined, LiveEvent, State, Step, Value, Verdict, Vote } from "../hub/types";
import { Item, nextRev, randomHex } from "../outbox/item";
import { Outbox } from "../outbox/outbox";
import { openStore } from "../outbox/store";
import { isLanguage, Language, setLanguage, speaksOurs } from "../words/words";
import { clean } from "../write/coach";
import { answersOf, history, reordered, votesOf } from "./ballot";
import { Contact } from "./contact";
import { blankIdentity, Device, Identity, Joining, loadDevice, loadIdentity, loadJoining, loadState, saveDevice, saveIdentity, saveJoining, saveState, Stage } from "./keep";
import { outcomes } from "./outcomes";
import { Screen, screenOf, Wish } from "./place";

/** A line that tells a person what just happened. */
export type Notice =
  | { kind: "newer" | "late" | "wrong_code" | "replaced" }
  | { kind: "refused" | "refused_before"; reason: string; limit: number }
  | { kind: "kept"; live: boolean; away: boolean }
  | { kind: "too_many"; seconds: number }
  | { kind: "elsewhere"; mark: string };

export class Model {
  identity: Identity | null = loadIdentity();
  device: Device = loadDevice();
  state: State | null = loadState(this.identity);
  reach = true;
  /** The session that is being joined. The person before stays until the hub has let the new one in. */
  pending: Joining | null = loadJoining();
  wish: Wish = null;
  /** The statement on screen. */
  current = "";
  /** The answered statement that is shown again. */
  earlier = "";
  notice: Notice | null = null;
  waiting: Item[] = [];
  /** False where a closed page loses what waits. */
  lasting = true;
  /** Hub clock minus this device's clock, ms. */
  private offset = 0;
  /** The state is the hub's, not only this device's memory of it. */
  private fresh = false;
  private joined = false;
  private asking = false;
  private client = new Client();
  private contact: Contact;
  private outbox: Outbox | null = null;

  constructor(readonly draw: () => void) {
    setLanguage(this.device.language);
    this.contact = new Contact(this.client, {
      version: () => (this.fresh && this.state ? this.state.version : -1),
      told: (state) => this.told(state),
      event: (event) => this.event(event),
      reached: (here) => this.reached(here),
      unknown: (token) => this.unknown(token),
    });
  }

  /** Goes on where this device left off; the code is that of the address, "" for none. */
  async start(code: string): Promise<void> {
    if (this.state) this.client.learn(this.state.hubs || []);
    const around = { now: () => Date.now(), random: Math.random, later: (act: () => void, ms: number) => void setTimeout(act, ms) };
    this.outbox = new Outbox(await openStore(), (token, body) => this.post(token, body), outcomes(this), around);
    await this.outbox.open();
    onReturn(() => this.returned());
    const passedOn = this.device.shared && !this.identity;
    if (this.pending && (code === "" || code === this.pending.code)) {
      await this.join(this.pending.code);
    } else if (this.identity && (code === "" || code === this.identity.code)) {
      this.setPending(null);
      this.connect();
    } else if (code !== "" && !passedOn) {
      await this.join(code);
    }
    this.outbox.flush();
    this.draw();
  }

  get screen(): Screen {
    const { identity, state, reach, joined, wish, current } = this;
    return screenOf({ identity, state, reach, joined, joining: this.pending !== null, shared: this.device.shared && this.device.code !== "", wish, current });
  }

  /** How many answers of this session's people wait on this device. */
  get waitingHere(): number {
    return this.answers((item) => this.identity === null || item.session === this.identity.session);
  }

  /** How many answers of earlier sessions lie here. */
  get waitingElsewhere(): number {
    return this.answers((item) => this.identity === null || item.session !== this.identity.session);
  }

  /** The person's statements that still wait on this device. */
  get unsent(): Item[] {
    return this.waiting.filter((item) => item.kind === "statement" && this.mine(item));
  }

  /** The hub's time in ms. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Reading what this is about, or in the middle of a statement: nobody is taken from that. */
  private get busy(): boolean {
    return this.wish === "about" || (this.wish === "write" && this.identity !== null && this.identity.draft.trim() !== "");
  }

  mine(item: Item): boolean {
    return this.identity !== null && this.identity.token === item.token;
  }

  // Joining and leaving

  /** again: nobody asked for it, so the page goes on saying that the hub is away until it is back. */
  async join(code: string, again = false): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.notice = null;
    if (!again) this.reach = true;
    // Kept before it is sent: after a lost reply the same token finds the same person.
    const pending = this.pending && this.pending.code === code ? this.pending : { code, token: randomHex(32) };
    this.setPending(pending);
    this.draw();
    const reply = await this.client.post<Joined & Failure>("/join", { code, token: pending.token, lang: this.device.language, name: "" });
    this.asking = false;
    if (reply.status === 201 && reply.body && reply.body.person) this.welcome(blankIdentity(code, pending.token, reply.body.session));
    else if (reply.status === 403) this.notLetIn({ kind: "wrong_code" });
    else if (reply.status === 429 && !busy(reply.body)) this.notLetIn({ kind: "too_many", seconds: reply.after || 30 });
    else this.joinLater((reply.after || (reply.status === 429 ? 1 : 0)) * 1000);
    this.draw();
  }

  /** A wrong code changes nothing: who was in a session stays in it. */
  private notLetIn(notice: Notice): void {
    this.setPending(null);
    this.connect();
    this.notice = notice;
  }

  /** Tries again by itself: at once many are joining, or the hub does not answer. */
  private joinLater(wait: number): void {
    this.reach = wait > 0;
    setTimeout(() => this.retry(), wait + (wait > 0 ? 0 : 2000) + Math.random() * 2000);
  }

  private welcome(identity: Identity): void {
    this.forget();
    this.setPending(null);
    this.identity = identity;
    this.joined = this.reach = true;
    this.setDevice({ code: identity.code });
    saveIdentity(identity);
    this.connect();
  }

  private setPending(pending: Joining | null): void {
    this.pending = pending;
    saveJoining(pending);
  }

  /** Tries again to join, or to reach the hub. */
  retry(): void {
    if (this.pending) void this.join(this.pending.code, true);
    else this.contact.kick();
  }

  /** The next person takes the device: token, answers on screen and state go; what waits stays in the outbox. */
  passOn(): void {
    this.setDevice({ shared: true, code: this.identity ? this.identity.code : this.device.code });
    this.forget();
    this.draw();
  }

  nextPerson(): void {
    void this.join(this.device.code);
  }

  /** Leaves the session of a shared device for another code. */
  otherCode(): void {
    this.setDevice({ code: "" });
    this.draw();
  }

  /**
   * The hub does not know a token. Where it holds this person's session, they have to
   * join anew; where another session has taken its place, perhaps for a moment, they
   * stay who they are. False in that case: it is worth trying again.
   */
  async unknown(token: string): Promise<boolean> {
    const identity = this.identity;
    if (!identity || identity.token !== token) return true;
    const { body } = await this.client.get<Alive>("/alive");
    if (this.identity !== identity) return true;
    if (!body || body.session !== identity.session) {
      this.reach = false;
      if (body && body.session) this.notice = { kind: "elsewhere", mark: body.emblem };
      this.draw();
      return false;
    }
    this.forget();
    this.setDevice({ code: "" });
    this.notice = { kind: "replaced" };
    this.draw();
    return true;
  }

  private forget(): void {
    this.contact.leave();
    this.identity = this.state = this.notice = this.wish = null;
    this.joined = this.fresh = false;
    this.current = this.earlier = "";
    saveIdentity(null);
    saveState(null, null);
  }

  private setDevice(part: Partial<Device>): void {
    this.device = { ...this.device, ...part };
    saveDevice(this.device);
  }

  // The hub

  private connect(): void {
    if (this.identity) this.contact.follow(this.identity);
  }

  private returned(): void {
    if (this.outbox) {
      this.outbox.unpark();
      this.outbox.flush();
    }
    this.contact.kick();
    this.draw();
  }

  private reached(here: boolean): void {
    this.reach = here;
    if (here && this.notice && this.notice.kind === "elsewhere") this.notice = null;
    if (here && this.outbox) {
      this.outbox.unpark();
      this.outbox.flush();
    }
    this.draw();
  }

  private event(event: LiveEvent | State): void {
    this.offset = event.now - Date.now();
    if (this.state) {
      if (event.counts) this.state.counts = event.counts;
      if (event.step !== undefined) this.moved(event.step);
    }
    this.draw();
  }

  private told(told: State): void {
    if (told.unchanged) return this.event(told);
    const identity = this.identity;
    if (!identity || !told.session || told.session.id !== identity.session) return;
    if (!this.reach) this.reached(true);
    this.offset = told.now - Date.now();
    if (this.state) {
      this.moved(told.step);
      // Tables that are announced show themselves, once.
      if (!this.state.table && told.table && !this.busy) this.wish = "table";
    }
    this.state = told;
    this.fresh = true;
    this.client.learn(told.hubs || []);
    const { languages, language } = told.session;
    if (!this.device.chosen && isLanguage(language) && (languages.indexOf(this.device.language) < 0 || !speaksOurs())) this.setLanguage(language, false);
    saveState(identity, told);
    this.draw();
  }

  /** A step that starts or closes moves everybody's screen, once. */
  private moved(step: Step | null): void {
    if (!this.state) return;
    const sign = (one: Step | null) => (one ? one.id + one.open : "");
    if (sign(this.state.step) !== sign(step) && !this.busy) this.wish = null;
    this.state.step = step;
  }

  /** Asks for the whole state, whatever is known. */
  refresh(): void {
    this.fresh = false;
    void this.contact.ask();
  }

  // What a person does

  setLanguage(language: Language, chosen = true): void {
    this.setDevice({ language, chosen });
    setLanguage(language);
    if (chosen && this.identity && this.identity.session) this.send("person", "lang", language, 0);
    this.draw();
  }

  /** The notice was read: from the first thing sent on, the person is present. */
  begin(): void {
    this.send("person", "lang", this.device.language, 0);
    this.go("name");
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
    this.current = "";
    if (this.wish === "earlier") this.wish = "vote";
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
    const ids = history(this.state, votesOf(this.state, this.identity)).map((statement) => statement.id);
    const at = this.wish === "earlier" ? ids.indexOf(this.earlier) + 1 : 0;
    const id = ids[at] || ids[ids.length - 1];
    if (!id) return;
    this.earlier = id;
    this.want("earlier");
  }

  draft(draft: string): void {
    this.change({ draft });
  }

  write(text: string): void {
    this.send("statement", "", { text: clean(text), lang: this.device.language }, 0);
    this.notice = this.reach ? null : { kind: "kept", live: false, away: true };
    this.change({ draft: "" });
  }

  /** A statement is on the hub's disk: what becomes of it now. */
  received(): void {
    this.notice = { kind: "kept", live: !(this.state && this.state.session.moderated), away: false };
    this.refresh();
  }

  dismiss(): void {
    this.notice = null;
    this.draw();
  }

  /** Changes what this device remembers of the person. */
  change(part: Partial<Identity>): void {
    if (!this.identity) return;
    Object.assign(this.identity, part);
    saveIdentity(this.identity);
    this.draw();
  }

  wait(items: Item[]): void {
    this.waiting = items;
    this.lasting = !this.outbox || this.outbox.lasting;
    this.draw();
  }

  /** Sends what waits. What to ask next comes back with the receipts, since others vote meanwhile. */
  private async post(token: string, body: unknown): Promise<Reply<Verdict | Failure>> {
    const reply = await this.client.post<Verdict | Failure>("/items", body, token);
    const verdict = reply.status === 201 ? (reply.body as Verdict | null) : null;
    const { identity, state } = this;
    if (verdict && verdict.order && state && identity && identity.token === token && identity.session === verdict.session) {
      state.order = reordered(state.order || [], verdict.order);
    }
    return reply;
  }

  private answers(of: (item: Item) => boolean): number {
    return this.waiting.filter((item) => item.kind !== "person" && of(item)).length;
  }

  private send(kind: Item["kind"], key: string, value: Value, known: number): number {
    const identity = this.identity;
    if (!identity || !this.outbox) return known;
    const at = Date.now();
    const rev = nextRev(known, at);
    void this.outbox.add({ cid: randomHex(16), session: identity.session, token: identity.token, kind, key, rev, value, at });
    return rev;
  }
}

/** So many are joining at once that some have to wait a second. */
function busy(body: Failure | null): boolean {
  return body !== null && body.error !== undefined && body.error.code === "busy";
}
