// The participants' page without its drawing: who the person is, what the hub
// told, what waits, and what taps do to it.
import { Client, Reply } from "../hub/client";
import { onReturn, Standing } from "../hub/link";
import type { Alive, Failure, Joined, LiveEvent, State, Step, Value, Verdict, Vote } from "../hub/types";
import { Item, nextRev, randomHex } from "../outbox/item";
import { Outbox } from "../outbox/outbox";
import { openStore } from "../outbox/store";
import { isLanguage, Language, setLanguage, speaksOurs } from "../words/words";
import { clean } from "../write/coach";
import { Badge, numberOf } from "./badge";
import { answersOf, history, reordered, votesOf } from "./ballot";
import { Contact } from "./contact";
import { blankIdentity, By, byCode, Device, Identity, Joining, loadDevice, loadIdentity, loadJoining, loadState, saveDevice, saveIdentity, saveJoining, saveState, Stage } from "./keep";
import { outcomes } from "./outcomes";
import { Readmission } from "./readmit";
import { Screen, screenOf, Wish } from "./place";
import { Ring } from "./ring";

/** A line that tells a person what just happened. */
export type Notice =
  | { kind: "newer" | "late" | "wrong_code" | "replaced" | "wrong_badge" | "badge_void" | "badge_moved" }
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
  /** The pending badge is in use on another device. */
  moving = false;
  /** Joining takes a badge, as far as is known. */
  badges = false;
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
  private ring = new Ring();
  private client = new Client("/api/v1", this.ring);
  private contact: Contact;
  private readmission = new Readmission(this.client, this.ring);
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
    this.client.moved = () => this.movedHub();
    this.client.doubted = () => void this.findHub();
  }

  /** Goes on where this device left off; code and badge are those of the address, "" and null for none. */
  async start(code: string, badge: Badge | null): Promise<void> {
    if (this.state) this.badges = this.state.session.badges === true;
    this.client.learn((this.state && this.state.hubs) || this.device.hubs);
    const around = { now: () => Date.now(), random: Math.random, later: (act: () => void, ms: number) => void setTimeout(act, ms) };
    this.outbox = new Outbox(await openStore(), (token, body) => this.post(token, body), outcomes(this), around);
    await this.outbox.open();
    onReturn(() => this.returned());
    const passedOn = this.device.shared && !this.identity;
    if (badge) {
      await this.scan(code, badge);
    } else if (this.pending && (code === "" || this.pending.code === "" || code === this.pending.code)) {
      await this.join(this.pending.code, false, this.pending);
    } else if (this.identity && (code === "" || code === this.identity.code)) {
      this.setPending(null);
      this.connect();
    } else if (code !== "" && !passedOn) {
      await this.join(code);
    }
    if (!this.identity && !this.pending) void this.look();
    this.outbox.flush();
    this.draw();
  }

  /** A badge was scanned: its person goes on where they are, or joins. */
  async scan(code: string, badge: Badge): Promise<void> {
    const { identity } = this;
    if (!identity || identity.code !== code || !this.ring.has(identity.token, badge.key)) return this.join(code, false, { ...byCode, badge });
    this.setPending(null);
    this.connect();
  }

  /** Asks whether joining here takes a badge. */
  private async look(): Promise<void> {
    const { body } = await this.client.get<Alive>("/alive");
    if (body) this.badges = body.badges === true;
    this.draw();
  }

  get screen(): Screen {
    const { identity, state, reach, joined, wish, current, moving } = this;
    return screenOf({ identity, state, reach, joined, moving, joining: this.pending !== null, shared: this.device.shared && this.device.code !== "", wish, current });
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
  async join(code: string, again = false, by: By = byCode): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.notice = null;
    this.moving = false;
    if (!again) this.reach = true;
    // Kept before it is sent: after a lost reply the same token finds the same person.
    const { pending: before, identity } = this;
    const token = before && before.code === code && sameBadge(before, by) ? before.token : randomHex(32);
    const number = by.badge ? by.badge.number : numberOf(by.typed);
    // The person's own badge, once more on their own device, moves without a question.
    const move = by.move || (number > 0 && identity !== null && identity.badge === number && identity.code === code);
    this.setPending({ ...by, code, token, move });
    if (by.badge) this.ring.add(token, number, by.badge.key);
    else if (by.typed) this.ring.add(token, number, "", by.typed);
    this.draw();
    const person = { code, token, lang: this.device.language, name: "" };
    const body = by.badge ? { ...person, number, move } : by.typed ? { ...person, badge: by.typed, move } : person;
    const reply = await this.client.post<Joined & Failure>("/join", body, by.badge ? token : "");
    this.asking = false;
    const refused = reply.body && reply.body.error ? reply.body.error.code : "";
    if (reply.status === 201 && reply.body && reply.body.person) this.welcome(blankIdentity(reply.body.code || code, token, reply.body.session, number), by);
    else if (reply.status === 409 && refused === "badge_in_use") this.moving = true;
    else if (reply.status === 403 && refused === "no_badges" && code !== "" && by !== byCode) return this.join(code);
    else if (reply.status === 403) this.notLetIn(refused);
    else if (reply.status === 429 && !busy(reply.body)) this.notLetIn("too_many", reply.after || 30);
    else if (reply.status === 0 && (await this.findHub())) return this.join(code, again, by);
    else this.joinLater((reply.after || (reply.status === 429 ? 1 : 0)) * 1000);
    this.draw();
  }

  /** The badge moves to this device, from wherever it is. */
  moveHere(): void {
    if (this.pending) void this.join(this.pending.code, false, { ...this.pending, move: true });
  }

  /** It stays there. */
  stayThere(): void {
    this.notLetIn("");
    this.draw();
  }

  /** Joins with the characters of a badge. */
  joinTyped(text: string): void {
    const { identity } = this;
    const own = identity !== null && identity.badge === numberOf(text);
    void this.join(own && identity ? identity.code : "", false, { ...byCode, typed: text });
  }

  /** A wrong code changes nothing: who was in a session stays in it. */
  private notLetIn(refused: string, seconds = 0): void {
    this.moving = false;
    this.setPending(null);
    this.connect();
    if (refused === "badge_needed" || refused === "no_badges") {
      this.badges = refused === "badge_needed";
      this.wish = "pad";
    } else if (refused === "too_many") this.notice = { kind: refused, seconds };
    else if (refused === "wrong_badge" || refused === "badge_void") this.notice = { kind: refused };
    else if (refused !== "") this.notice = { kind: "wrong_code" };
  }

  /** Tries again by itself: at once many are joining, or the hub does not answer. */
  private joinLater(wait: number): void {
    this.reach = wait > 0;
    setTimeout(() => this.retry(), wait + (wait > 0 ? 0 : 2000) + Math.random() * 2000);
  }

  private welcome(identity: Identity, by: By): void {
    const { token, badge, session } = identity;
    if (badge > 0) this.ring.add(token, badge, by.badge ? by.badge.key : "", by.typed);
    // What waits here of the same badge comes along: its token of before is of no use any more.
    if (badge > 0 && this.outbox) void this.outbox.adopt(this.ring.others(token, badge), token, session);
    this.forget();
    this.identity = identity;
    this.setPending(null);
    this.joined = this.reach = true;
    this.setDevice({ code: identity.code, session });
    saveIdentity(identity);
    this.connect();
  }

  private setPending(pending: Joining | null): void {
    this.pending = pending;
    saveJoining(pending);
    this.keepKeys();
  }

  /** Tries again to join, or to reach the hub. */
  retry(): void {
    if (this.pending && !this.moving) void this.join(this.pending.code, true, this.pending);
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
   * The hub does not know a token. Where it holds the token's session, as another of its
   * hubs does, it is told who that is. Only where it wants nothing of that does the person
   * have to join anew; where another session has taken its place, perhaps for a moment,
   * they stay who they are.
   */
  async unknown(token: string): Promise<Standing> {
    const identity = this.identity;
    if (!identity || identity.token !== token) return this.unknownBefore(token);
    const why = this.client.denied[token];
    if (why === "badge_moved" || why === "badge_void") return this.lostToken({ kind: why }, true);
    const { body } = await this.client.get<Alive>("/alive");
    if (this.identity !== identity) return "gone";
    if (!body || body.session !== identity.session) {
      this.reach = false;
      if (body && body.session) this.notice = { kind: "elsewhere", mark: body.emblem };
      this.draw();
      return "away";
    }
    const answer = await this.readmission.of(token, identity.code, this.device.language, this.state ? this.state.me : undefined);
    if (this.identity !== identity) return "gone";
    if (answer === "known") this.sendAgain();
    if (answer === "in_use") return this.askToMove(identity);
    return answer === "refused" ? this.lostToken({ kind: "replaced" }, body.badges === true) : answer;
  }

  /** What waits of an earlier person of this device goes to the hub that the page is at now, too. */
  private async unknownBefore(token: string): Promise<Standing> {
    const item = this.waiting.filter((one) => one.token === token)[0];
    const { session, code } = this.identity || this.device;
    if (!item || item.session !== session || code === "") return "gone";
    const { body } = await this.client.get<Alive>("/alive");
    if (!body || body.session !== session) return "gone";
    if ((await this.readmission.of(token, code, this.device.language)) === "known") this.sendAgain();
    return "gone";
  }

  private lostToken(notice: Notice, badges: boolean): Standing {
    this.forget();
    this.setDevice({ code: "" });
    this.badges = badges;
    this.notice = notice;
    this.draw();
    return "gone";
  }

  /** At this hub the person's badge is another device's: whether it moves is theirs to say. */
  private askToMove(identity: Identity): Standing {
    const { token, code } = identity;
    this.setPending({ ...byCode, ...this.ring.means(token), code, token });
    this.moving = true;
    this.draw();
    return "gone";
  }

  /** Sees which of the session's hubs answers. */
  private async findHub(): Promise<boolean> {
    const { session } = this.identity || this.device;
    return session !== "" && this.client.move(session);
  }

  /** The page is at another hub of the session. */
  private movedHub(): void {
    this.fresh = false;
    this.readmission.start();
    if (this.outbox) {
      this.outbox.unpark();
      void this.outbox.repeat();
    }
    this.contact.kick();
  }

  private sendAgain(): void {
    if (!this.outbox) return;
    this.outbox.unpark();
    this.outbox.flush();
  }

  private forget(): void {
    this.contact.leave();
    if (this.outbox) this.outbox.remember("");
    this.client.denied = {};
    this.readmission.start();
    this.identity = this.state = this.notice = this.wish = null;
    this.joined = this.fresh = false;
    this.current = this.earlier = "";
    saveIdentity(null);
    saveState(null, null);
    this.keepKeys();
  }

  /** Forgets the keys of badges that are neither this person's, in this tab or another, nor of something that waits. */
  private keepKeys(): void {
    this.ring.keep([this.identity, this.pending, loadIdentity(), loadJoining(), ...this.waiting].map((one) => (one ? one.token : "")));
  }

  private setDevice(part: Partial<Device>): void {
    this.device = { ...this.device, ...part };
    saveDevice(this.device);
  }

  // The hub

  private connect(): void {
    if (!this.identity) return;
    if (this.outbox) this.outbox.remember(this.identity.token);
    this.contact.follow(this.identity);
  }

  private returned(): void {
    this.sendAgain();
    this.contact.kick();
    this.draw();
  }

  private reached(here: boolean): void {
    this.reach = here;
    if (here && this.notice && this.notice.kind === "elsewhere") this.notice = null;
    if (here) this.sendAgain();
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
    this.badges = told.session.badges === true;
    this.fresh = true;
    this.client.learn(told.hubs || []);
    this.setDevice({ hubs: told.hubs || [] });
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
    this.keepKeys();
    this.draw();
  }

  /** Sends what waits. What to ask next comes back with the receipts, since others vote meanwhile. */
  private async post(token: string, body: unknown): Promise<Reply<Verdict | Failure>> {
    const reply = await this.client.post<Verdict | Failure>("/items", body, token);
    if (reply.status === 0) void this.findHub();
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

function sameBadge(a: By, b: By): boolean {
  return a.typed === b.typed && (a.badge ? a.badge.key : "") === (b.badge ? b.badge.key : "");
}
