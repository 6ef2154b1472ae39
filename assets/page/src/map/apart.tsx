// Small pieces that stand beside a map: a group's mark, and what sets it apart.
import type { Apart, Results, Tally } from "../hub/types";
import { t } from "../words/words";
import { groupClass, shapeOf, shapePath } from "./shapes";

export function GroupMark({ letter }: { letter: string }) {
  return (
    <svg viewBox="-12 -12 24 24" aria-hidden="true"><path class={"mark " + groupClass(letter)} d={shapePath(shapeOf(letter), 9)} /></svg>
  );
}

export function tallyById(results: Results): Record<string, Tally> {
  const found: Record<string, Tally> = {};
  results.statements.forEach((tally) => (found[tally.id] = tally));
  return found;
}

/** "26 of 31 in A agree; 4 in 10 elsewhere": counts of people, no shares. */
export function apartText(letter: string, apart: Apart): string {
  const tenths = Math.round(apart.elsewhere * 10);
  const values = { Letter: letter, Agree: apart.agree, Votes: apart.votes, Tenths: tenths };
  const few = tenths === 0 && apart.elsewhere > 0;
  if (apart.direction === "agree") return t(few ? "results.apart_agree_few" : "results.apart_agree", values);
  return t(few ? "results.apart_disagree_few" : "results.apart_disagree", values);
}
