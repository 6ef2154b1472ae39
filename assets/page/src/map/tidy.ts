// A map as the pages may paint it: whatever came, every number is one and every
// mark lies in the frame. A page of tomorrow's hub or a broken file must not leave
// a room before a blank wall.
import type { Label, Mark, OpinionMap, Place, Scene } from "../hub/types";

/** The unit square of a scene is this wide and high. */
const wide = 1;
const high = 0.75;
/** A mark at the very edge would be cut in half. */
const edge = 0.03;
/** No place is so uncertain that its disc may hide the map. */
const widestSpread = 0.25;

export function tidy(map: OpinionMap): OpinionMap {
  return { ...map, scene: tidyScene(map.scene), you: tidyPlace(map.you) };
}

/** Gives null where there is nothing to paint. */
export function tidyScene(scene: Scene | null | undefined): Scene | null {
  if (!scene) return null;
  const marks = list(scene.marks).filter(placed).map(tidyMark);
  if (marks.length === 0) return null;
  const hulls = list(scene.hulls)
    .map((hull) => ({ group: hull.group || "", points: list(hull.points).filter((p) => finite(p[0]) && finite(p[1])) }))
    .filter((hull) => hull.points.length > 0);
  return { marks, hulls, labels: list(scene.labels).filter(placed).map(tidyLabel) };
}

function tidyMark(mark: Mark): Mark {
  const spread = finite(mark.spread) ? Math.min(widestSpread, Math.max(0, mark.spread)) : 0;
  return { ...standing(mark), group: mark.group || "", people: finite(mark.people) ? Math.max(1, mark.people) : 1, between: mark.between === true, spread };
}

function tidyLabel(label: Label): Label {
  const x = within(label.x, wide);
  const y = within(label.y, high);
  return { group: label.group || "", people: finite(label.people) ? label.people : 0, x, y, ax: finite(label.ax) ? within(label.ax, wide) : x, ay: finite(label.ay) ? within(label.ay, high) : y };
}

function tidyPlace(place: Place | null | undefined): Place | null {
  if (!place || !placed(place)) return null;
  return { ...place, ...standing(place), group: place.group || "" };
}

function standing(one: { x: number; y: number }): { x: number; y: number } {
  return { x: Math.max(edge, within(one.x, wide - edge)), y: Math.max(edge, within(one.y, high - edge)) };
}

function list<T>(all: T[] | null | undefined): T[] {
  return Array.isArray(all) ? all.filter((one) => one !== null && one !== undefined) : [];
}

function placed(one: { x: number; y: number }): boolean {
  return finite(one.x) && finite(one.y);
}

function finite(n: unknown): n is number {
  return typeof n === "number" && isFinite(n);
}

function within(n: number, most: number): number {
  return Math.min(most, Math.max(0, n));
}
