// Marks have no names. To let them glide, each new mark starts from the nearest
// old mark of its group that no other has taken.
import type { Mark } from "../hub/types";

export interface Start {
  x: number;
  y: number;
}

/** Beyond this many marks they jump: pairing them would take longer than gliding. */
const most = 1500;

export function starts(before: Mark[], after: Mark[]): Start[] {
  if (before.length === 0 || before.length > most || after.length > most) return after;
  const free = before.slice();
  return after.map((mark) => {
    let best = -1;
    let least = Infinity;
    free.forEach((old, i) => {
      const far = Math.pow(old.x - mark.x, 2) + Math.pow(old.y - mark.y, 2) + (old.group === mark.group ? 0 : 0.25);
      if (far < least) {
        least = far;
        best = i;
      }
    });
    const start = free[best];
    if (!start) return mark;
    free.splice(best, 1);
    return start;
  });
}
