// The labels of a map: a group's name, and "you are here".
import type { Place, Scene } from "../hub/types";
import { t } from "../words/words";
import { Box, textWidth, Wanted } from "./labels";
import { groupClass } from "./shapes";
import { width } from "./sizes";

export interface TextLabel extends Wanted {
  text: string;
  look: string;
}

export function labelsOf(scene: Scene, grouped: boolean, you: Place | null, size: number): TextLabel[] {
  const all: TextLabel[] = [];
  const add = (text: string, look: string, x: number, y: number, ax: number, ay: number) =>
    all.push({ text, look, x: x * width, y: y * width, ax: ax * width, ay: ay * width, w: size * (textWidth(text) + 1.4), h: size * 1.9 });
  if (grouped) scene.labels.forEach((l) => add(t("map.label", { Letter: l.group, N: l.people }), groupClass(l.group), l.x, l.y, l.ax, l.ay));
  if (you) add(t("map.you"), "you", you.x, you.y - 0.12, you.x, you.y);
  return all;
}

/** All leaders lie under all labels, so that none runs through a word. */
export function Tags({ tags, boxes, size }: { tags: TextLabel[]; boxes: Box[]; size: number }) {
  return (
    <>
      {tags.map((label, i) => boxes[i] && <Leader key={"to" + label.look + label.text} label={label} box={boxes[i]} size={size} />)}
      {tags.map((label, i) => boxes[i] && <Tag key={label.look + label.text} label={label} box={boxes[i]} size={size} />)}
    </>
  );
}

interface TagProps {
  label: TextLabel;
  box: Box;
  size: number;
}

function Leader({ label, box, size }: TagProps) {
  const ends = label.look === "you" ? toward(label, box, size * 0.75) : { x: label.ax, y: label.ay };
  return <line class={"leader " + label.look} x1={box.x} y1={box.y} x2={ends.x} y2={ends.y} stroke-width={size * 0.1} />;
}

function Tag({ label, box, size }: TagProps) {
  return (
    <g class={"tag " + label.look}>
      <rect x={box.x - box.w / 2} y={box.y - box.h / 2} width={box.w} height={box.h} rx={box.h / 2} />
      <text x={box.x} y={box.y + size * 0.36} font-size={size} text-anchor="middle">{label.text}</text>
    </g>
  );
}

// A leader that stops short of the mark it names.
function toward(label: TextLabel, box: Box, short: number): { x: number; y: number } {
  const dx = box.x - label.ax;
  const dy = box.y - label.ay;
  const distance = Math.max(1, Math.sqrt(dx * dx + dy * dy));
  return { x: label.ax + (dx / distance) * short, y: label.ay + (dy / distance) * short };
}
