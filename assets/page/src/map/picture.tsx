// The opinion map, painted from the hub's scene. The geometry is the hub's;
// this chooses sizes for the screen, so that marks and labels stay legible.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Mark, Place, Scene } from "../hub/types";
import { t } from "../words/words";
import { starts } from "./glide";
import { Box, placeLabels, textWidth, Wanted } from "./labels";
import { groupClass, shapeOf, shapePath } from "./shapes";

const width = 1000;
const height = 750;
const glideTime = 300;
/** The size of labels against the width of the picture, at the most: two of them fit side by side. */
const widest = 0.045;

export interface PictureProps {
  scene: Scene;
  grouped: boolean;
  you: Place | null;
  /** The sentences that say the same. */
  spoken: string;
  /** The least size of the labels in CSS pixels, whatever the size of the picture. */
  text: number;
  /** The share of the window's height that the labels take where the picture is wide enough. */
  share?: number;
}

export function Picture({ scene, grouped, you, spoken, text, share }: PictureProps) {
  const frame = useRef<SVGSVGElement>(null);
  const marks = useRef<SVGGElement>(null);
  const shown = useRef<Mark[]>([]);
  const [unit, setUnit] = useState(1);

  useLayoutEffect(() => {
    const measure = () => {
      const box = frame.current && frame.current.getBoundingClientRect();
      if (box && box.width > 0) setUnit(Math.max(width / box.width, height / box.height));
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);

  useEffect(() => {
    const before = shown.current;
    shown.current = scene.marks;
    return glide(marks.current, starts(before, scene.marks), scene.marks);
  }, [scene]);

  const size = Math.max(text, Math.min(window.innerHeight * (share || 0), (width / unit) * widest)) * unit;
  const radius = Math.max(7, 5 * unit);
  const wanted = labelsOf(scene, grouped, you, size);
  const boxes = placeLabels(wanted, scene.marks.map((m) => ({ x: m.x * width, y: m.y * width })), width, height);
  return (
    <svg ref={frame} class="map" viewBox={`-10 -10 ${width + 20} ${height + 20}`} role="img" aria-label={spoken}>
      {grouped && scene.hulls.map((hull) => (
        <polygon key={"hull" + hull.group} class={"hull " + groupClass(hull.group)} stroke-width={radius * 4} points={hull.points.map((p) => `${p[0] * width},${p[1] * width}`).join(" ")} />
      ))}
      <g ref={marks}>
        {scene.marks.map((mark, i) => (
          <path key={i} class={"mark " + groupClass(grouped ? mark.group : "")} transform={`translate(${mark.x * width} ${mark.y * width})`}
            d={shapePath(shapeOf(grouped ? mark.group : ""), radius * Math.min(2.4, Math.sqrt(mark.people)))} />
        ))}
      </g>
      {you && <circle class="you-ring" cx={you.x * width} cy={you.y * width} r={radius * 2.1} stroke-width={radius * 0.5} />}
      {wanted.map((label, i) => <Tag key={label.text} label={label} box={boxes[i] as Box} size={size} />)}
    </svg>
  );
}

interface TextLabel extends Wanted {
  text: string;
  look: string;
}

function labelsOf(scene: Scene, grouped: boolean, you: Place | null, size: number): TextLabel[] {
  const all: TextLabel[] = [];
  const add = (text: string, look: string, x: number, y: number, ax: number, ay: number) =>
    all.push({ text, look, x: x * width, y: y * width, ax: ax * width, ay: ay * width, w: size * (textWidth(text) + 1.4), h: size * 1.9 });
  if (grouped) scene.labels.forEach((l) => add(t("map.label", { Letter: l.group, N: l.people }), groupClass(l.group), l.x, l.y, l.ax, l.ay));
  if (you) add(t("map.you"), "you", you.x, you.y - 0.12, you.x, you.y);
  return all;
}

function Tag({ label, box, size }: { label: TextLabel; box: Box; size: number }) {
  const ends = label.look === "you" ? toward(label, box, size * 0.75) : { x: label.ax, y: label.ay };
  return (
    <g class={"tag " + label.look}>
      <line x1={box.x} y1={box.y} x2={ends.x} y2={ends.y} stroke-width={size * 0.1} />
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

function glide(group: SVGGElement | null, from: { x: number; y: number }[], to: Mark[]): () => void {
  const still = typeof matchMedia === "function" && matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!group || still || from === to) return () => undefined;
  const began = performance.now();
  let request = 0;
  const step = (now: number) => {
    const done = Math.min(1, Math.max(0, (now - began) / glideTime));
    const eased = done * done * (3 - 2 * done);
    to.forEach((mark, i) => {
      const start = from[i];
      const node = group.childNodes[i] as Element | undefined;
      if (!start || !node) return;
      const x = start.x + (mark.x - start.x) * eased;
      const y = start.y + (mark.y - start.y) * eased;
      node.setAttribute("transform", `translate(${x * width} ${y * width})`);
    });
    if (done < 1) request = requestAnimationFrame(step);
  };
  request = requestAnimationFrame(step);
  return () => cancelAnimationFrame(request);
}
