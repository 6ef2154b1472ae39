// What this device remembers between two openings of the page: who the person
// is, how far they came, and the last state that the hub told.
import type { Cell, State } from "../hub/types";
import type { Badge } from "./badge";
import { isLanguage, Language, preferred } from "../words/words";

export type Stage = "notice" | "name" | "practice" | "ready";

export interface Identity {
  code: string;
  token: string;
  session: string;
  /** The number of the badge, 0 in open mode. */
  badge: number;
  stage: Stage;
  /** Own changes that the hub may not have told back yet. */
  votes: Record<string, Cell<string>>;
  answers: Record<string, Cell<number>>;
  name: string;
  skipped: boolean;
  draft: string;
}

/** A session that is being joined, with the token by which a lost reply finds the same person. */
export interface Joining extends By {
  code: string;
  token: string;
}

/** By what somebody joins, where the six digits are not enough. */
export interface By {
  /** The badge that was scanned. */
  badge: Badge | null;
  /** The characters of a badge that was typed. */
  typed: string;
  /** The badge leaves the device that has it now. */
  move: boolean;
}

export const byCode: By = { badge: null, typed: "", move: false };

export interface Device {
  language: Language;
  /** The language was chosen by hand. */
  chosen: boolean;
  /** The device has been passed on: nothing of one person stays for the next. */
  shared: boolean;
  /** The last session and its code, for the next person. */
  code: string;
  session: string;
  /** Where that session's hubs were. */
  hubs: string[];
}

const identityKey = "folkmoot.identity";
const joiningKey = "folkmoot.joining";
const deviceKey = "folkmoot.device";
const stateKey = "folkmoot.state";

const memory: Record<string, string> = {};

export function loadIdentity(): Identity | null {
  const found = read<Identity>(identityKey);
  return found && found.token && found.code ? { ...blankIdentity("", ""), ...found } : null;
}

export function saveIdentity(identity: Identity | null): void {
  write(identityKey, identity);
}

export function loadJoining(): Joining | null {
  const found = read<Joining>(joiningKey);
  return found && found.token && (found.code || found.badge || found.typed) ? { ...byCode, ...found } : null;
}

export function saveJoining(joining: Joining | null): void {
  write(joiningKey, joining);
}

export function blankIdentity(code: string, token: string, session = "", badge = 0): Identity {
  return { code, token, session, badge, stage: "notice", votes: {}, answers: {}, name: "", skipped: false, draft: "" };
}

export function loadDevice(): Device {
  const fresh: Device = { language: preferred(), chosen: false, shared: false, code: "", session: "", hubs: [] };
  const found: Device = { ...fresh, ...read<Partial<Device>>(deviceKey) };
  return isLanguage(found.language) ? found : { ...found, language: fresh.language };
}

export function saveDevice(device: Device): void {
  write(deviceKey, device);
}

/** The last state, only when it belongs to this session and person. */
export function loadState(identity: Identity | null): State | null {
  const found = read<{ token: string; state: State }>(stateKey);
  return found && identity && found.token === identity.token ? found.state : null;
}

export function saveState(identity: Identity | null, state: State | null): void {
  write(stateKey, identity && state ? { token: identity.token, state } : null);
}

export function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) || memory[key] || "null") as T | null;
  } catch {
    return JSON.parse(memory[key] || "null") as T | null;
  }
}

export function write(key: string, value: unknown): void {
  const text = value === null ? "" : JSON.stringify(value);
  memory[key] = text;
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // Kept in memory; the page says "keep this page open" for what waits.
  }
}
