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
const nothingTold: Told = { session: "-", epoch: "-" };

export class Client {
  /** Why the hub does not know a token any more, by token. */
  denied: Record<string, string> = {};
  private bases = [""];
  private at = 0;
  private told: Record<string, Told> = {};

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

  /** Looks at the other addresses and moves to the first one that holds the session. */
  async move(session: string): Promise<boolean> {
    for (let i = 1; i < this.bases.length; i++) {
      const next = (this.at + i) % this.bases.length;
      const reply = await send<{ session: string }>(this.bases[next] + this.prefix + "/alive", { method: "GET" }, 3000);
      if (reply.status === 200 && reply.body && reply.body.session === session) {
        this.at = next;
        return true;
      }
    }
    return false;
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
      const reply = await send<T>(this.url(path), init, patience);
      if (reply.status !== 401 || !this.learned(token, reply.body as Refusal | null) || tries === signings) return reply;
    }
  }

  /** Opens a stream. */
  async stream(path: string, token: string, more: RequestInit): Promise<Response> {
    for (let tries = 1; ; tries++) {
      const response = await fetch(this.url(path), { ...more, headers: this.headers("GET", path, token, ""), cache: "no-store", credentials: "omit" });
      if (response.status !== 401) return response;
      const refusal = (await response.json().catch(() => null)) as Refusal | null;
      if (!this.learned(token, refusal) || tries === signings) return response;
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

async function send<T>(url: string, init: RequestInit, limit: number): Promise<Reply<T>> {
  const stop = typeof AbortController === "function" ? new AbortController() : null;
  let timer = 0;
  const late = new Promise<never>((_, reject) => {
    timer = window.setTimeout(() => {
      if (stop) stop.abort();
      reject(new Error("no answer"));
    }, limit);
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
