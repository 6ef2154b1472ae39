// The badges' keys that this device signs with, by token. One of an earlier person
// stays only as long as something of theirs waits to be sent.
import type { Signer } from "../hub/client";
import { Badge, mac } from "./badge";
import { read, write } from "./keep";

interface Held {
  number: number;
  /** "" for a badge that was typed: its calls are not signed. */
  key: string;
  counter: number;
  /** The characters of a badge that was typed: another hub of the session asks for them, too. */
  typed?: string;
}

const ringKey = "folkmoot.badges";

export class Ring implements Signer {
  add(token: string, number: number, key: string, typed = ""): void {
    this.change((all) => {
      if (!all[token] || all[token].key !== key) all[token] = { number, key, counter: 0, typed };
    });
  }

  /** By what a token's badge was shown; null and "" where it has none. */
  means(token: string): { badge: Badge | null; typed: string } {
    const held = this.all()[token];
    return { badge: held && held.key ? { number: held.number, key: held.key } : null, typed: (held && held.typed) || "" };
  }

  /** Whether a token signs with this key. */
  has(token: string, key: string): boolean {
    const held = this.all()[token];
    return held !== undefined && held.key === key;
  }

  /** The other tokens of a badge. */
  others(token: string, number: number): string[] {
    const all = this.all();
    return Object.keys(all).filter((other) => other !== token && all[other]!.number === number);
  }

  /** Forgets all tokens but these. */
  keep(tokens: string[]): void {
    const gone = Object.keys(this.all()).filter((token) => tokens.indexOf(token) < 0);
    if (gone.length > 0) this.change((all) => gone.forEach((token) => delete all[token]));
  }

  signs(token: string): boolean {
    const held = this.all()[token];
    return held !== undefined && held.key !== "";
  }

  /** The header's text. Each call has a counter of its own, other tabs' calls too: they share the storage. */
  sign(token: string, method: string, path: string, told: { session: string; epoch: string }, body: string): string {
    let text = "";
    this.change((all) => {
      const held = all[token];
      if (!held) return;
      const counter = ++held.counter;
      text = ["Badge", token, told.epoch, counter, mac({ method, path, ...told, token, counter, body }, held.key)].join(" ");
    });
    return text;
  }

  raise(token: string, counter: number): void {
    this.change((all) => {
      const held = all[token];
      if (held && counter > held.counter) held.counter = counter;
    });
  }

  private all(): Record<string, Held> {
    return read<Record<string, Held>>(ringKey) || {};
  }

  private change(act: (all: Record<string, Held>) => void): void {
    const all = this.all();
    act(all);
    write(ringKey, Object.keys(all).length > 0 ? all : null);
  }
}
