// The facilitator's page without its drawing.
import { Client } from "../hub/client";
import { Link, onReturn } from "../hub/link";
import type { AgendaStep, Failure, HostState, LiveEvent } from "../hub/types";
import { has, isLanguage, Language, preferred, setLanguage, t } from "../words/words";

/** A step of the agenda by its id, or a place beside the agenda. */
export type View = { step: string } | "wall" | "settings";

/** The window over the page. */
export type Asking =
  | { kind: "unmask" }
  | { kind: "keys" }
  | { kind: "close"; step: AgendaStep }
  | { kind: "announce"; mode: string }
  | { kind: "not_now"; id: string; text: string };

export type Act = Record<string, string | number | boolean>;

const tokenKey = "folkmoot.host";
const languageKey = "folkmoot.host.language";

export class Host {
  state: HostState | null = null;
  reach = true;
  allowed = true;
  masked = true;
  asking: Asking | null = null;
  trouble = "";
  saved = "";
  /** What was typed into the settings and not saved yet: it outlives a look at another view. */
  drafts: Record<string, string | undefined> = {};
  offset = 0;
  private before = "join";
  private chosen: View | null = null;
  private token = takeToken();
  private client = new Client("/host/v1");
  private link: Link | null = null;

  constructor(private draw: () => void) {
    setLanguage(storedLanguage());
  }

  start(): void {
    this.allowed = this.token !== "";
    this.draw();
    if (!this.allowed) return;
    const link = new Link(this.client, "/live", this.token, {
      event: (data) => this.event(data as LiveEvent),
      poll: () => this.fetch(),
      reach: (here) => {
        this.reach = here;
        if (here) void this.fetch();
        this.draw();
      },
      unknown: () => Promise.resolve(this.refuse() ? "gone" : "away"),
      lost: () => Promise.resolve(false),
    });
    this.link = link;
    link.start();
    onReturn(() => link.kick());
    void this.fetch();
  }

  now(): number {
    return Date.now() + this.offset;
  }

  get running(): AgendaStep | null {
    return this.state ? this.state.steps.filter((step) => step.open)[0] || null : null;
  }

  /** What is looked at: what was chosen, else the running step, else the one after the last that was started. */
  get view(): View {
    if (this.chosen !== null) return this.chosen;
    const steps = this.state ? this.state.steps : [];
    const last = steps.map((one) => one.started > 0).lastIndexOf(true);
    const step = this.running || steps[last + 1] || steps[last];
    return step ? { step: step.id } : "settings";
  }

  get viewed(): AgendaStep | null {
    const view = this.view;
    if (typeof view === "string" || !this.state) return null;
    return this.state.steps.filter((step) => step.id === view.step)[0] || null;
  }

  look(view: View): void {
    this.chosen = view;
    this.trouble = this.saved = "";
    this.draw();
  }

  ask(asking: Asking | null): void {
    this.asking = asking;
    this.draw();
  }

  draft(field: string, text: string | undefined): void {
    this.drafts[field] = text;
    this.draw();
  }

  /** The wall goes black, and back to what it showed. */
  black(): void {
    if (!this.state) return;
    const now = this.state.mode;
    if (now !== "black") this.before = now;
    void this.act({ act: "wall", mode: now === "black" ? this.before : "black" });
  }

  mask(masked: boolean): void {
    this.masked = masked;
    this.asking = null;
    this.draw();
  }

  setLanguage(language: Language): void {
    setLanguage(language);
    try {
      sessionStorage.setItem(languageKey, language);
    } catch {
      // Then it holds until the page is opened again.
    }
    this.draw();
  }

  /** Sends one act; the state comes back by the stream. True when it was done. */
  async act(act: Act): Promise<boolean> {
    this.asking = null;
    this.trouble = this.saved = "";
    this.draw();
    const reply = await this.client.post<Failure>("/do", act, this.token);
    const done = reply.status === 200;
    if (reply.status === 401) this.refuse();
    else if (!done) this.trouble = reply.status === 0 ? t("host.away") : t("host.refused", { Text: field(act) + reason(reply.body) });
    if (done && act["act"] === "set") this.saved = String(act["field"]);
    await this.fetch();
    this.draw();
    return done;
  }

  private event(event: LiveEvent): void {
    this.offset = event.now - Date.now();
    if (!this.state || event.version !== this.state.version) void this.fetch();
  }

  private async fetch(): Promise<boolean> {
    const reply = await this.client.get<HostState & { unchanged?: boolean }>("/state?since=" + (this.state ? this.state.version : 0), this.token);
    if (reply.status === 401) this.refuse();
    if (reply.status === 200 && reply.body && !reply.body.unchanged) {
      this.state = reply.body;
      this.offset = reply.body.now - Date.now();
      document.title = this.state.title;
      this.draw();
    }
    return reply.status === 200;
  }

  private refuse(): true {
    this.allowed = false;
    if (this.link) this.link.stop();
    this.draw();
    return true;
  }
}

export function stepTitle(step: AgendaStep): string {
  return step.title || t(`step.${step.kind}`);
}

/** Which of the settings an act was about, to stand before what is wrong with it. */
function field(act: Act): string {
  const key = `host.set_${act["field"]}`;
  return act["act"] === "set" && has(key) ? t(key) + " · " : "";
}

function reason(body: Failure | null): string {
  if (!body || !body.error) return t("refused.other");
  const key = `refused.${body.error.code}`;
  return has(key) ? t(key, { Limit: body.error.limit || "" }) : body.error.text;
}

// The token leaves the address at once: a projector may show the address line.
function takeToken(): string {
  const found = /[#&]t=([^&]+)/.exec(location.hash);
  try {
    if (found && found[1]) {
      sessionStorage.setItem(tokenKey, found[1]);
      history.replaceState(null, "", location.pathname);
    }
    return sessionStorage.getItem(tokenKey) || "";
  } catch {
    return found && found[1] ? found[1] : "";
  }
}

function storedLanguage(): Language {
  try {
    const stored = sessionStorage.getItem(languageKey);
    return isLanguage(stored) ? stored : preferred();
  } catch {
    return preferred();
  }
}
