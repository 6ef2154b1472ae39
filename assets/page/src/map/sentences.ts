// The map in words, for those who cannot see it: at most three sentences, and
// the figures of its table.
import type { Label, OpinionMap, Scene } from "../hub/types";
import { has, t } from "../words/words";

export function sentences(map: OpinionMap): string[] {
  if (!map.scene || map.scene.marks.length === 0) return missing(map);
  const labels = map.groups_found ? byLetter(map.scene) : [];
  const people = map.scene.marks.reduce((sum, mark) => sum + mark.people, 0);
  if (labels.length < 2) return [t("map.say_plain", { N: people })];
  const said = [t("map.say_groups", { N: people, Groups: labels.length })];
  if (labels.length > 2) {
    const pairs = distances(map.scene, labels);
    const far = pairs[pairs.length - 1];
    if (far) said.push(t("map.say_far", { First: far.first, Second: far.second }));
  } else {
    const largest = labels.reduce((a, b) => (b.people > a.people ? b : a));
    said.push(t("map.say_largest", { Letter: largest.group, N: largest.people }));
  }
  if (map.you && map.you.group) said.push(t("map.say_you", { Letter: map.you.group }));
  else if (labels.length > 2) {
    const near = distances(map.scene, labels)[0];
    if (near) said.push(t("map.say_near", { First: near.first, Second: near.second }));
  }
  return said;
}

/** What a map still lacks, in the reader's words. */
export function missing(map: OpinionMap): string[] {
  const said = (map.missing || []).map((sentence) => {
    const key = `missing.${sentence.id.replace(/^missing\./, "")}`;
    return has(key) ? t(key, sentence.args || {}) : t("missing.other");
  });
  return said.length > 0 ? said : [t("missing.other")];
}

export function byLetter(scene: Scene): Label[] {
  return scene.labels.slice().sort((a, b) => (a.group < b.group ? -1 : 1));
}

interface Pair {
  first: string;
  second: string;
  distance: number;
}

function distances(scene: Scene, labels: Label[]): Pair[] {
  const centres = labels.map((label) => centre(scene, label.group));
  const pairs: Pair[] = [];
  labels.forEach((a, i) =>
    labels.slice(i + 1).forEach((b, j) => {
      const p = centres[i];
      const q = centres[i + 1 + j];
      if (p && q) pairs.push({ first: a.group, second: b.group, distance: Math.pow(p.x - q.x, 2) + Math.pow(p.y - q.y, 2) });
    }),
  );
  return pairs.sort((a, b) => a.distance - b.distance);
}

function centre(scene: Scene, group: string): { x: number; y: number } {
  let x = 0;
  let y = 0;
  let people = 0;
  scene.marks.forEach((mark) => {
    if (mark.group !== group) return;
    x += mark.x * mark.people;
    y += mark.y * mark.people;
    people += mark.people;
  });
  return { x: x / Math.max(1, people), y: y / Math.max(1, people) };
}
