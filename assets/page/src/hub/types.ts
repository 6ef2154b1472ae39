// What the hub's interface says, field by field.

export type Vote = "agree" | "disagree" | "pass";
export type Value = string | number | { text: string; lang: string };

/** Which session answers at an address. */
export interface Alive {
  session: string;
  emblem: string;
  /** Joining takes a badge. */
  badges?: boolean;
}

export interface Person {
  id: string;
  number: number;
  word: string;
  name: string;
}

export interface Step {
  id: string;
  kind: string;
  title?: string;
  open: boolean;
  started: number;
  ends: number;
}

export interface Session {
  id: string;
  title: string;
  about: string;
  languages: string[];
  language: string;
  notice: string;
  contact: string;
  licence: string;
  sample: boolean;
  rehearsal: boolean;
  practice: string;
  statement_limit: number;
  moderated: boolean;
  emblem: string;
  /** Joining takes a badge, so that counts are of people; else they are of devices. */
  badges?: boolean;
  /** What the session says in other languages, by language and name. */
  in?: Translations;
}

export type Translations = Record<string, Record<string, string>>;

export interface Question {
  id: string;
  text: string;
  low: string;
  high: string;
  in?: Translations;
}

export interface Statement {
  id: string;
  text: string;
  lang: string;
  seed?: boolean;
  /** The text by language, where two versions of a statement were paired. */
  texts?: Record<string, string>;
}

export interface OwnStatement {
  id: string;
  text: string;
  state: "pending" | "approved" | "hidden" | "removed";
  reason: string;
}

export interface Cell<V> {
  value: V;
  rev: number;
}

export interface Me extends Person {
  votes: Record<string, Cell<string>>;
  answers: Record<string, Cell<number>>;
  statements: OwnStatement[];
}

export interface Tally {
  id: string;
  agree: number;
  disagree: number;
  pass: number;
}

export interface Apart {
  id: string;
  direction: "agree" | "disagree";
  agree: number;
  votes: number;
  elsewhere: number;
}

export interface Results {
  participants: number;
  votes: number;
  statements: Tally[];
  common: string[];
  divisive: string[];
  groups: { letter: string; size: number; apart: Apart[] }[];
}

export interface Mark {
  x: number;
  y: number;
  group: string;
  people: number;
  /** The people here might as well be in a neighbouring group. */
  between?: boolean;
  /** The radius within which the place is uncertain, in the Scene's units. */
  spread?: number;
}

export interface Label {
  group: string;
  people: number;
  x: number;
  y: number;
  ax: number;
  ay: number;
}

export interface Scene {
  marks: Mark[];
  hulls: { group: string; points: [number, number][] }[];
  labels: Label[];
}

export interface Sentence {
  id: string;
  args?: Record<string, string>;
}

export interface Place {
  x: number;
  y: number;
  group: string;
  between?: boolean;
  spread?: number;
}

export interface OpinionMap {
  groups_found: boolean;
  /** How far the map may be trusted: red, amber or green. */
  light?: string;
  missing: Sentence[] | null;
  scene: Scene | null;
  you?: Place | null;
}

export interface Seat {
  number: number;
  word: string;
  name?: string;
}

export interface Table {
  number: number;
  name: string;
  people: Seat[];
  host: Seat | null;
  question: string;
  devices_down: boolean;
}

export interface Counts {
  participants: number;
  imported?: number;
  votes: number;
  waiting: number;
  waiting_devices: number;
}

export interface State {
  version: number;
  unchanged?: boolean;
  now: number;
  session: Session;
  question: Question | null;
  step: Step | null;
  me: Me;
  statements: Statement[];
  order: string[];
  results: Results | null;
  map: OpinionMap | null;
  table: Table | null;
  counts: Counts;
  hubs: string[];
}

export interface LiveEvent {
  version: number;
  now: number;
  step?: Step | null;
  counts?: Counts;
  hubs?: string[];
}

export interface Joined {
  session: string;
  person: Person;
  /** The six digits, where a badge let the person in without them. */
  code?: string;
}

export interface Verdict {
  session: string;
  saved: { cid: string; receipt: string; late?: boolean }[];
  stale: { cid: string; rev: number; value: Value }[];
  refused: { cid: string; reason: string; limit?: number }[];
  /** The statements to ask next, the first of them, while people vote. */
  order?: string[];
}

export interface Failure {
  error: { code: string; text: string; limit?: number };
}

export interface QR {
  size: number;
  path: string;
}

export interface WallTable {
  number: number;
  people: Seat[];
}

export interface WallState {
  version: number;
  now: number;
  title: string;
  language: string;
  languages: string[];
  mode: string;
  /** The session's id. */
  session: string;
  sample: boolean;
  rehearsal: boolean;
  step: Step | null;
  join: { addresses: string[]; code: string; wifi: string; qr: QR | null };
  counts: Counts;
  question: Question | null;
  answers: number[] | null;
  statements: Statement[];
  results: Results | null;
  map: OpinionMap | null;
  tables: WallTable[] | null;
  /** Joining takes a badge, so that the counts are of people; else they are of devices. */
  badges?: boolean;
  /** What the tables talk about. */
  prompt?: string;
  devices_down?: boolean;
}

export interface AgendaStep {
  id: string;
  kind: string;
  title: string;
  minutes: number;
  open: boolean;
  started: number;
  ends: number;
  undo: boolean;
}

export interface HostPerson {
  id: string;
  number: number;
  word: string;
  answered: boolean;
  /** The 0 to 5 question was answered. */
  asked: boolean;
  present: boolean;
  seen: number;
  table: number;
}

export interface HostStatement extends Statement {
  state: "pending" | "approved" | "hidden" | "removed";
  reason: string;
  votes: number;
  agree: number;
  disagree: number;
  pass: number;
  look: boolean;
}

export interface PlanTable {
  number: number;
  people: Seat[];
  groups: Record<string, number> | null;
}

export interface Plan {
  id: string;
  mode: string;
  seed: number;
  announced: boolean;
  /** The room sees an earlier plan. */
  superseding: boolean;
  tables: PlanTable[];
  unseated: number;
  /** People who came after the plan was made. */
  late: number;
  /** 1 is what lots give on average, 0 is best; negative where people are gathered. */
  uneven: number;
}

export interface HostState extends Omit<WallState, "statements"> {
  steps: AgendaStep[];
  people: HostPerson[];
  names: Record<string, string> | null;
  statements: HostStatement[];
  shown: { results: boolean; map: boolean; tables: boolean; devices_down: boolean };
  plan: Plan | null;
  settings: Record<string, unknown>;
  /** Votes that came while voting was closed. */
  late_votes: number;
  /** Somebody guesses the code: new devices may have to wait until then. */
  guessing?: { wrong: number; until: number } | null;
  /** The map before it is shown to the room. */
  host_map?: OpinionMap | null;
  /** How the record's disk does; null for well. */
  disk?: Disk | null;
}

export interface Disk {
  state: "low" | "short" | "full" | "read_only";
  /** How many MiB may still be written. */
  left: number;
  folder: string;
}
