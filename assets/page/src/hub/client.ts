// Requests to the hub, at whichever of its addresses answers. Nothing here
// throws: a failure is a reply with status 0.
import { retryAfter } from "./retry";

export interface Reply<T> {
  status: number;
  body: T | null;
  after: number;
}

const patience = 10000;

export class Client {
  private bases = [""];
  private at = 0;

  constructor(private prefix = "/api/v1") {}

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
    return send<T>(this.url(path), { method: "GET", headers: authorised(token), cache: "no-store" }, patience);
  }

  post<T>(path: string, body: unknown, token = ""): Promise<Reply<T>> {
    const headers = { ...authorised(token), "Content-Type": "application/json" };
    return send<T>(this.url(path), { method: "POST", headers, body: JSON.stringify(body) }, patience);
  }
}

export function authorised(token: string): Record<string, string> {
  return token ? { Authorization: "Bearer " + token } : {};
}

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
