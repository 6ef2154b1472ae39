// Badges: what the address of one says, what people type, and the signature of a call.
import { hex, hmac, sha256, utf8 } from "./sha256";

/** A badge that was scanned: its number and the key to sign with, 26 characters. */
export interface Badge {
  number: number;
  key: string;
}

// No I, L, O and U: they are misread.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Reads what stands behind the # of a badge's address; null for anything else. */
export function scanned(fragment: string): Badge | null {
  const found = /^#b=([0-9A-Z]{10})&k=([0-9A-Z]{26})$/i.exec(fragment);
  if (!found) return null;
  const code = typed(found[1] || "");
  const key = tidy(found[2] || "");
  const number = numberOf(code);
  return code.length === 10 && number > 0 && keyBytes(key) ? { number, key } : null;
}

/** The number of a badge, the first three of its characters; 0 for none. */
export function numberOf(code: string): number {
  return code.slice(0, 3).split("").reduce((sum, letter) => sum * 32 + alphabet.indexOf(letter), 0);
}

/** The characters of a badge among what was typed, ten at most: either case, full width, i and l for 1, o for 0. */
export function typed(text: string): string {
  return tidy(text).slice(0, 10);
}

function tidy(text: string): string {
  return text
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .toUpperCase()
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0")
    .replace(/[^0-9A-HJKMNP-TV-Z]/g, "");
}

/** The 16 bytes that 26 characters stand for, null where they stand for none. */
export function keyBytes(key: string): Uint8Array | null {
  const out = new Uint8Array(16);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of key) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8 && at < 16) {
      bits -= 8;
      out[at++] = (held >> bits) & 255;
    }
  }
  return key.length === 26 && at === 16 ? out : null;
}

export interface Call {
  method: string;
  /** From the host's name on, with its query. */
  path: string;
  session: string;
  epoch: string;
  token: string;
  counter: number;
  body: string;
}

/** The signature of a call, as package badge of the hub has it. */
export function mac(call: Call, key: string): string {
  const { method, path, session, epoch, token, counter, body } = call;
  const text = ["folkmoot call 1", method, path, session, epoch, token, counter, hex(sha256(utf8(body)))].join("\n");
  return hex(hmac(keyBytes(key) || new Uint8Array(16), utf8(text)));
}
