// What waits on this device, and the numbers that keep a person's own order.
import type { Value } from "../hub/types";

export interface Item {
  cid: string;
  session: string;
  token: string;
  kind: "vote" | "answer" | "statement" | "person";
  key: string;
  rev: number;
  value: Value;
  /** When the person tapped, in ms. */
  at: number;
  /** It was acknowledged by another hub, and told so. */
  again?: boolean;
}

/** A revision from here on is refused by every hub. */
const tooFar = Math.pow(2, 52);

/**
 * The revision of a change: above everything that the page knows of the cell,
 * and not under the phone's clock, the one clock that travels with the person.
 * A clock that makes no sense is left out.
 */
export function nextRev(known: number, now: number): number {
  const clock = now > 0 && now < tooFar ? Math.floor(now) : 0;
  return Math.max(known + 1, clock);
}

/** The cell that an item changes; every statement is a cell of its own. */
export function cellOf(item: Item): string {
  return [item.session, item.token, item.kind, item.kind === "statement" ? item.cid : item.key].join(" ");
}

/** 16 or 32 random bytes as lower-case hexadecimal digits. */
export function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  let hex = "";
  for (let i = 0; i < values.length; i++) hex += ("0" + (values[i] as number).toString(16)).slice(-2);
  return hex;
}
