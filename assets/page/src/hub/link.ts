// Keeps a page in touch with its hub: the live stream, and polling where a
// browser or something on the way cannot stream.
import { Client } from "./client";
import { Retry } from "./retry";
import { canStream, read, Reading } from "./stream";

const pollEvery = 5000;
const pollFor = 60000;
/** The longest time between two tries: who looks for a hub should find it soon. */
const longest = 5000;
/** Streams that end so soon, so many in a row, are cut by something on the way. */
const short = 8000;
const cutsBorne = 3;

/** What comes of a token that the hub does not know: nobody goes on with it; the hub knows it now; or it has to be tried again. */
export type Standing = "gone" | "known" | "away";

export interface Contact {
  /** An event's data, parsed. */
  event(data: unknown): void;
  /** Asks for the state; false when the hub did not answer. */
  poll(): Promise<boolean>;
  /** Whether the hub answers. Called on changes only. */
  reach(here: boolean): void;
  /** The hub does not know the token. */
  unknown(): Promise<Standing>;
  /** After two failures in a row, or a stream that fell silent: look for the session elsewhere. True where it was found there. */
  lost(): Promise<boolean>;
}

export class Link {
  private stopped = true;
  private reading: Reading | null = null;
  private wake: () => void = () => undefined;
  private retry = new Retry(Math.random, longest);
  private here: boolean | null = null;
  private pollUntil = 0;
  private kicked = false;
  private cuts = 0;

  constructor(private client: Client, private path: string, private token: string, private contact: Contact) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.kick();
  }

  /** Drops what is open and tries again now: the page was shown again, or the network came back. */
  kick(): void {
    this.retry.reset();
    this.kicked = this.reading !== null;
    if (this.reading) this.reading.stop();
    this.wake();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const well = Date.now() < this.pollUntil || !canStream() ? await this.pollOnce() : await this.stream();
      if (this.stopped) return;
      if (well) continue;
      if (this.retry.tries >= 2 && (await this.contact.lost())) continue;
      if (this.stopped) return;
      await this.pause(this.retry.next());
    }
  }

  private async stream(): Promise<boolean> {
    const began = Date.now();
    this.reading = read((init) => this.client.stream(this.path, this.token, init), (frame) => this.take(frame.data), () => this.reached(true));
    const { end, heard } = await this.reading.done;
    this.reading = null;
    if (this.stopped) return true;
    if (this.kicked) {
      this.kicked = false;
      return true;
    }
    if (end === "unknown_token") {
      const standing = await this.contact.unknown();
      if (standing === "gone") this.stopped = true;
      if (standing === "away") this.reached(false);
      if (standing === "known") await this.pause(200);
      return standing !== "away";
    }
    // Opened, but nothing came through: something on the way collects. Or the hub has
    // streams enough, and answers questions only.
    if (end === "unsupported" || end === "crowded" || (end === "silent" && !heard)) {
      this.pollUntil = Date.now() + pollFor;
      return true;
    }
    if (heard) {
      this.retry.reset();
      this.cuts = Date.now() - began < short ? this.cuts + 1 : 0;
      if (this.cuts >= cutsBorne) this.pollUntil = Date.now() + pollFor;
      if (end === "silent") await this.contact.lost();
      else await this.pause(200);
      return true;
    }
    // Refused, but the hub may answer questions: something on the way lets no stream through.
    const here = await this.contact.poll();
    if (here) this.pollUntil = Date.now() + pollFor;
    this.reached(here);
    return here;
  }

  private async pollOnce(): Promise<boolean> {
    const here = await this.contact.poll();
    if (this.stopped) return true;
    this.reached(here);
    if (here) await this.pause(pollEvery);
    return here;
  }

  private take(data: string): void {
    try {
      this.contact.event(JSON.parse(data));
    } catch {
      // Not ours: the next event or the watch puts it right.
    }
  }

  private reached(here: boolean): void {
    if (here) this.retry.reset();
    if (here === this.here) return;
    this.here = here;
    this.contact.reach(here);
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Calls back whenever a page may have come back to life. */
export function onReturn(act: () => void): void {
  window.addEventListener("online", act);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) act();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") act();
  });
}
