// What a person has answered and what comes next: plain functions on values.
import type { Cell, State, Statement, Step } from "../hub/types";
import type { Identity } from "./keep";

/** Per cell the newer of what the hub told and what this page did. */
export function newer<V>(told: Record<string, Cell<V>>, own: Record<string, Cell<V>>): Record<string, Cell<V>> {
  const all: Record<string, Cell<V>> = { ...told };
  Object.keys(own).forEach((key) => {
    const mine = own[key] as Cell<V>;
    const theirs = all[key];
    if (!theirs || mine.rev > theirs.rev) all[key] = mine;
  });
  return all;
}

export function votesOf(state: State | null, identity: Identity): Record<string, Cell<string>> {
  return newer(state ? state.me.votes || {} : {}, identity.votes);
}

export function answersOf(state: State | null, identity: Identity): Record<string, Cell<number>> {
  return newer(state ? state.me.answers || {} : {}, identity.answers);
}

/** The statements in the person's order; those that the order omits come last. */
export function inOrder(state: State): Statement[] {
  const byId: Record<string, Statement> = {};
  state.statements.forEach((statement) => (byId[statement.id] = statement));
  const listed: Statement[] = [];
  (state.order || []).forEach((id) => {
    const statement = byId[id];
    if (!statement) return;
    listed.push(statement);
    delete byId[id];
  });
  return listed.concat(state.statements.filter((statement) => byId[statement.id]));
}

/** What came with receipts, first; what was known before of the rest, behind it. */
export function reordered(known: string[], told: string[]): string[] {
  return told.concat(known.filter((id) => told.indexOf(id) < 0));
}

export function answered(votes: Record<string, Cell<string>>, id: string): boolean {
  const cell = votes[id];
  return cell !== undefined && cell.value !== "none";
}

export function countAnswered(state: State, votes: Record<string, Cell<string>>): number {
  return state.statements.filter((statement) => answered(votes, statement.id)).length;
}

/** The one on screen while it is still to be answered, else the next unanswered; null when all are seen. */
export function nextStatement(state: State, votes: Record<string, Cell<string>>, current: string): Statement | null {
  const open = inOrder(state).filter((statement) => !answered(votes, statement.id));
  return open.filter((statement) => statement.id === current)[0] || open[0] || null;
}

/** The answered statements, the latest answer first. */
export function history(state: State, votes: Record<string, Cell<string>>): Statement[] {
  return state.statements
    .filter((statement) => answered(votes, statement.id))
    .sort((a, b) => (votes[b.id] as Cell<string>).rev - (votes[a.id] as Cell<string>).rev);
}

export function votingOpen(step: Step | null): boolean {
  return step !== null && step.open && step.kind === "opinion";
}

export function questionOpen(step: Step | null): boolean {
  return step !== null && step.open && (step.kind === "opinion" || step.kind === "checkin");
}
