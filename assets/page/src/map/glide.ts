// Marks have no names. To let them glide, each new mark starts from the nearest
// old mark of its group that no other has taken.
import type { Mark } from "../hub/types";
import { width } from "./sizes";

export interface Start {
  x: number;
  y: number;
}

/** Beyond this many marks they jump: pairing them would take longer than gliding. */
const most = 1500;
const glideTime = 300;

export function starts(before: Mark[], after: Mark[]): Start[] {
  if (before.length === 0 || before.length > most || after.length > most) return after;
  const free = before.slice();
  return after.map((mark) => {
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < free.length; i++) {
      const far = distance(free[i] as Mark, mark);
      if (far < least) {
        least = far;
        best = i;
      }
    }
    const start = free[best];
    const last = free.pop();
    if (!start || !last) return mark;
    if (best < free.length) free[best] = last;
    return start;
  });
}

/** How far a mark would have to go, squared; one of another group is far away. */
function distance(old: Mark, mark: Mark): number {
  const dx = old.x - mark.x;
  const dy = old.y - mark.y;
  return dx * dx + dy * dy + (old.group === mark.group ? 0 : 0.25);
}

/** What is painted of a mark: its node, and which mark it is. */
export interface Moving {
  node: Element;
  mark: number;
}

/** Moves all that is painted of the marks to where they are now, at once where nothing may move. */
export function glide(moving: Moving[], from: Start[], to: Mark[]): () => void {
  const still = typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
  const put = (done: number) =>
    moving.forEach((one) => {
      const start = from[one.mark];
      const end = to[one.mark];
      if (start && end) one.node.setAttribute("transform", transform(between(start, end, done)));
    });
  if (still || from === to) {
    put(1); // an earlier glide may have been stopped on its way
    return () => undefined;
  }
  const began = performance.now();
  let request = 0;
  const step = (now: number) => {
    const done = Math.min(1, Math.max(0, (now - began) / glideTime));
    put(done);
    if (done < 1) request = requestAnimationFrame(step);
  };
  request = requestAnimationFrame(step);
  return () => cancelAnimationFrame(request);
}

/** Where a mark is after a share of its way: slowly off, slowly home. */
export function between(start: Start, end: Start, done: number): Start {
  const eased = done * done * (3 - 2 * done);
  return { x: start.x + (end.x - start.x) * eased, y: start.y + (end.y - start.y) * eased };
}

export function transform(place: Start): string {
  return `translate(${place.x * width} ${place.y * width})`;
}
