// The map in words, for those who cannot see it: at most three sentences, and
// the figures of its table.
import type { Label, Mark, OpinionMap, Place, Scene } from "../hub/types";
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
  if (map.you && map.you.group) said.push(whereYouAre(map.you, labels));
  else if (labels.length > 2) {
    const near = distances(map.scene, labels)[0];
    if (near) said.push(t("map.say_near", { First: near.first, Second: near.second }));
  }
  return said;
}

function whereYouAre(you: Place, labels: Label[]): string {
  if (!you.between) return t("map.say_you", { Letter: you.group });
  const [first, second] = labels;
  if (labels.length === 2 && first && second) return t("map.say_you_between", { First: first.group, Second: second.group });
  return t("map.say_you_edge", { Letter: you.group });
}

/** What is uncertain of the reader's own place; nothing where it is sure. */
export function unsure(map: OpinionMap): string[] {
  const { you, scene } = map;
  if (!you || !scene) return [];
  const labels = map.groups_found ? byLetter(scene) : [];
  const said = labels.length > 1 && you.group && you.between ? [whereYouAre(you, labels)] : [];
  return (you.spread || 0) > 0 || alone(scene.marks, you) ? said.concat(t("map.say_few")) : said;
}

/** Whether the reader's own mark, which nobody else shares, has a soft edge. */
function alone(marks: Mark[], you: Place): boolean {
  return marks.some((mark) => mark.people === 1 && mark.x === you.x && mark.y === you.y && mark.group === you.group && (mark.spread || 0) > 0);
}

/** What is uncertain on the map, in counts of people. */
export function uncertain(map: OpinionMap): string[] {
  const marks = map.scene ? map.scene.marks : [];
  const count = (which: (mark: Mark) => boolean) => marks.filter(which).reduce((sum, mark) => sum + mark.people, 0);
  const said: string[] = [];
  const hollow = map.groups_found ? count((mark) => mark.between === true) : 0;
  const soft = count((mark) => (mark.spread || 0) > 0);
  if (hollow > 0) said.push(t("map.say_hollow", { N: hollow }));
  if (soft > 0) said.push(t("map.say_soft", { N: soft }));
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

/** What would help first, where the map is not to be trusted yet: "" for nothing. */
export function firstHelp(map: OpinionMap): string {
  const lacks = map.light === "amber" || map.light === "red" ? map.missing || [] : [];
  return lacks.length > 0 ? missing(map)[0] || "" : "";
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
