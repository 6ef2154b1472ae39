// Requests to the hub, at whichever of its addresses answers. Nothing here
// throws: a failure is a reply with status 0.
import { retryAfter } from "./retry";

export interface Reply<T> {
  status: number;
  body: T | null;
  after: number;
}

/** What signs the calls of a token that has a badge's key. */
export interface Signer {
  signs(token: string): boolean;
  /** Gives the header's text; each call has a new counter. */
  sign(token: string, method: string, path: string, told: Told, body: string): string;
  /** Goes on behind a counter. */
  raise(token: string, counter: number): void;
}

/** What a hub says of itself to those who sign. */
export interface Told {
  session: string;
  epoch: string;
}

interface Refusal {
  error?: { code?: string; session?: string; epoch?: string; counter?: number };
}

const patience = 10000;
/** So long without an answer, and it is time to see whether another hub of the session answers. */
const doubtful = 3000;
/** How much longer than another hub the present one may take to show that it is there. */
const grace = 1000;
const nothingTold: Told = { session: "-", epoch: "-" };

export class Client {
  /** Why the hub does not know a token any more, by token. */
  denied: Record<string, string> = {};
  /** Called when an answer is overdue. */
  doubted: () => void = () => undefined;
  /** Called when the client has gone to another address. */
  moved: () => void = () => undefined;
  private bases = [""];
  private at = 0;
  private told: Record<string, Told> = {};
  private looking: Promise<boolean> | null = null;
  /** What ends the calls that are on their way. */
  private flying: (() => void)[] = [];

  constructor(private prefix = "/api/v1", private signer: Signer | null = null) {}

  /** Takes the hub's other addresses; the page's own comes first. */
  learn(addresses: string[]): void {
    const current = this.base;
    const others = addresses.map((a) => a.replace(/\/+$/, "")).filter((a) => /^http:\/\//.test(a) && a !== location.origin);
    this.bases = [""].concat(others.filter((a, i) => others.indexOf(a) === i));
    if (this.bases.indexOf(current) < 0) this.bases.push(current);
    this.at = this.bases.indexOf(current);
  }

  get base(): string {
    return this.bases[this.at] || "";
  }

  url(path: string): string {
    return this.base + this.prefix + path;
  }

  /**
   * Looks which of the addresses holds the session, at all of them at once. The present
   * one is kept where it answers, within a second of another that does; else the client
   * moves there, and what is on its way to where it was is given up. True where it moved.
   */
  move(session: string): Promise<boolean> {
    if (!this.looking) {
      this.looking = this.find(session).then((base) => {
        this.looking = null;
        const found = base === null ? -1 : this.bases.indexOf(base);
        if (found < 0 || found === this.at) return false;
        this.at = found;
        this.flying.splice(0).forEach((end) => end());
        this.moved();
        return true;
      });
    }
    return this.looking;
  }

  /** The address to be at; null where none answers. */
  private find(session: string): Promise<string | null> {
    const home = this.base;
    return new Promise((resolve) => {
      let left = this.bases.length;
      let gone = false;
      let other: string | null = null;
      this.bases.forEach(async (base) => {
        const { status, body } = await send<{ session: string }>(base + this.prefix + "/alive", { method: "GET", cache: "no-store" }, doubtful);
        const here = status === 200 && body !== null && body.session === session;
        left--;
        if (base === home) {
          if (here) return resolve(home);
          gone = true;
        } else if (here && other === null) {
          other = base;
          setTimeout(() => resolve(base), grace);
        }
        if (left === 0 || (gone && other !== null)) resolve(other);
      });
    });
  }

  get<T>(path: string, token = ""): Promise<Reply<T>> {
    return this.call<T>("GET", path, token, "", { cache: "no-store" });
  }

  post<T>(path: string, body: unknown, token = ""): Promise<Reply<T>> {
    return this.call<T>("POST", path, token, JSON.stringify(body), {});
  }

  private async call<T>(method: string, path: string, token: string, body: string, more: RequestInit): Promise<Reply<T>> {
    for (let tries = 1; ; tries++) {
      const headers = this.headers(method, path, token, body);
      const init: RequestInit = method === "POST" ? { ...more, method, body, headers: { ...headers, "Content-Type": "application/json" } } : { ...more, method, headers };
      const reply = await this.watched((flight) => send<T>(this.url(path), init, patience, flight));
      if (reply.status !== 401 || !this.learned(token, reply.body as Refusal | null) || tries === signings) return reply;
    }
  }

  /** Opens a stream. */
  async stream(path: string, token: string, more: RequestInit): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const init: RequestInit = { ...more, headers: this.headers("GET", path, token, ""), cache: "no-store", credentials: "omit" };
      const response = await this.watched(() => fetch(this.url(path), init));
      if (response.status !== 401) return response;
      const refusal = (await response.json().catch(() => null)) as Refusal | null;
      if (!this.learned(token, refusal) || tries === signings) return response;
    }
  }

  /** Does a call, and doubts the hub when no answer comes. */
  private async watched<R>(call: (flight: (end: () => void) => void) => Promise<R>): Promise<R> {
    const doubt = setTimeout(() => this.doubted(), doubtful);
    let mine: () => void = () => undefined;
    try {
      return await call((end) => this.flying.push((mine = end)));
    } finally {
      clearTimeout(doubt);
      this.flying = this.flying.filter((end) => end !== mine);
    }
  }

  private headers(method: string, path: string, token: string, body: string): Record<string, string> {
    if (!token) return {};
    if (!this.signer || !this.signer.signs(token)) return { Authorization: "Bearer " + token };
    return { Authorization: this.signer.sign(token, method, this.prefix + path, this.told[this.base] || nothingTold, body) };
  }

  /** Takes from a refusal what a signature lacked; true where it is worth signing again. */
  private learned(token: string, refusal: Refusal | null): boolean {
    const error = (refusal && refusal.error) || {};
    if (error.code === "stale_epoch" && error.session && error.epoch) {
      this.told[this.base] = { session: error.session, epoch: error.epoch };
      return true;
    }
    if (error.code === "replayed" && this.signer) {
      this.signer.raise(token, error.counter || 0);
      return true;
    }
    this.denied[token] = error.code || "";
    return false;
  }
}

/** How often a call is signed: the hub's epoch may be new, and another tab may have used the counter. */
const signings = 4;

/** Sends a call; flight is given what ends it before its time. */
async function send<T>(url: string, init: RequestInit, limit: number, flight: (end: () => void) => void = () => undefined): Promise<Reply<T>> {
  const stop = typeof AbortController === "function" ? new AbortController() : null;
  let timer = 0;
  const late = new Promise<never>((_, reject) => {
    const end = () => {
      if (stop) stop.abort();
      reject(new Error("no answer"));
    };
    timer = window.setTimeout(end, limit);
    flight(end);
  });
  try {
    return await Promise.race([exchange<T>(url, stop ? { ...init, signal: stop.signal } : init), late]);
  } catch {
    return { status: 0, body: null, after: 0 };
  } finally {
    clearTimeout(timer);
  }
}

async function exchange<T>(url: string, init: RequestInit): Promise<Reply<T>> {
  const response = await fetch(url, { ...init, redirect: "follow", credentials: "omit" });
  const after = retryAfter(response.headers.get("Retry-After"), Date.now());
  let body: T | null = null;
  try {
    body = (await response.json()) as T;
  } catch {
    // A hotel's portal answers in HTML: no body, and so nothing was saved.
  }
  return { status: response.status, body, after };
}
