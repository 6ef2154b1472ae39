// What is uncertain on a map, in words: a line under it only where such marks are.
import type { JSX } from "preact";
import type { Scene } from "../hub/types";
import { Fine } from "../look/parts";
import { t } from "../words/words";

/** The keys of the legend: a mark can be hollow only where groups are shown. */
export function legendKeys(scene: Scene, grouped: boolean): string[] {
  const keys: string[] = [];
  if (grouped && scene.marks.some((mark) => mark.between)) keys.push("map.hollow");
  if (scene.marks.some((mark) => (mark.spread || 0) > 0)) keys.push("map.soft");
  return keys;
}

export interface LegendProps {
  scene: Scene;
  grouped: boolean;
  /** Puts a key into words, where a page does more than t. */
  say?: (key: string) => JSX.Element;
}

export function Legend({ scene, grouped, say }: LegendProps) {
  const keys = legendKeys(scene, grouped);
  if (keys.length === 0) return null;
  return (
    <p class="legend quiet">
      {keys.map((key, i) => [i > 0 && " ", <span key={key}><Sign hollow={key === "map.hollow"} />{say ? say(key) : <Fine text={t(key)} />}</span>])}
    </p>
  );
}

/** The mark that a line of the legend is about. */
function Sign({ hollow }: { hollow: boolean }) {
  return (
    <svg class="group-none" viewBox="-12 -12 24 24" aria-hidden="true">
      {hollow ? <circle class="mark hollow" r="7" stroke-width="4" /> : <><circle class="halo" r="12" /><circle class="mark" r="5" stroke-width="0" /></>}
    </svg>
  );
}

/** How far the map may be trusted, as the desk says it; "" where it may. */
export function lightKey(light: string | undefined): string {
  if (light === "amber") return "desk.map_amber";
  return light === "red" ? "desk.map_red" : "";
}

export function Chip({ light, say }: { light: string | undefined; say?: (key: string) => JSX.Element }) {
  const key = lightKey(light);
  return key ? <span class="badge warn">{say ? say(key) : t(key)}</span> : null;
}
