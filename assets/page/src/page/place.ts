// Which screen a person sees: a plain function of what is known.
import type { State } from "../hub/types";
import { answersOf, nextStatement, questionOpen, votesOf, votingOpen } from "./ballot";
import type { Identity } from "./keep";

export type Screen =
  | "pad" | "move" | "hand" | "joining" | "away" | "notice" | "name" | "practice" | "question" | "vote" | "earlier"
  | "write" | "done" | "empty" | "wait" | "closed" | "results" | "map" | "table" | "down";

export type Tab = "vote" | "results" | "map" | "table";

/** What the person asked to see, over what the session would show. */
export type Wish = Tab | "write" | "earlier" | "about" | "question" | "pad" | null;

export interface Known {
  identity: Identity | null;
  state: State | null;
  reach: boolean;
  joined: boolean;
  /** A session is being joined. */
  joining: boolean;
  /** The badge is in use on another device: the person is asked. */
  moving: boolean;
  shared: boolean;
  wish: Wish;
  current: string;
}

/** The tabs that there is something behind. */
export function tabs(state: State | null): Tab[] {
  if (!state) return [];
  const found: Tab[] = ["vote"];
  if (state.results) found.push("results");
  if (state.map) found.push("map");
  if (state.table) found.push("table");
  return found;
}

export function screenOf(known: Known): Screen {
  const { identity, state, wish } = known;
  if (known.moving) return "move";
  if (known.joining) return known.reach ? "joining" : "away";
  if (wish === "pad") return "pad";
  if (!identity) return known.shared ? "hand" : "pad";
  if (!state) return known.joined || known.reach ? "joining" : "away";
  if (wish === "about" || identity.stage === "notice") return "notice";
  if (identity.stage === "name") return "name";
  if (identity.stage === "practice" && state.session.practice && (votingOpen(state.step) || before(state))) return "practice";
  if (state.table && state.table.devices_down) return "down";
  if (wish === "write" && votingOpen(state.step)) return "write";
  if (wish === "results" && state.results) return "results";
  if (wish === "map" && state.map) return "map";
  if (wish === "table" && state.table) return "table";
  if (wish === "question" && state.question && questionOpen(state.step)) return "question";
  if (wish !== "vote" && wish !== "earlier") {
    const shown = stepScreen(state);
    if (shown) return shown;
  }
  return votingScreen(known, identity, state);
}

/** What a step after the votes shows, where it is there already. */
function stepScreen(state: State): Screen | null {
  const kind = state.step ? state.step.kind : "";
  if (votingOpen(state.step) || kind === "checkin") return null;
  if (kind === "tables" && state.table) return "table";
  if (state.map) return "map";
  return state.results ? "results" : null;
}

function votingScreen(known: Known, identity: Identity, state: State): Screen {
  const asked = state.question && answersOf(state, identity)[state.question.id] === undefined && !identity.skipped;
  if (asked && questionOpen(state.step)) return "question";
  if (!votingOpen(state.step)) return before(state) ? "wait" : "closed";
  if (known.wish === "earlier") return "earlier";
  if (state.statements.length === 0) return "empty";
  return nextStatement(state, votesOf(state, identity), known.current) ? "vote" : "done";
}

function before(state: State): boolean {
  return state.step === null || state.step.kind === "checkin";
}
