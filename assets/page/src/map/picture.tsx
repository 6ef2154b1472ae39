// The opinion map, painted from the hub's scene. The geometry is the hub's;
// this chooses sizes for the screen, so that marks and labels stay legible.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Mark, Place, Scene } from "../hub/types";
import { currentLanguage } from "../words/words";
import { glide, Moving, starts } from "./glide";
import { placeLabels } from "./labels";
import { Cloud, Discs } from "./marks";
import { groupClass, shapeOf, shapeReach } from "./shapes";
import { bandFor, height, markRadius, markSize, width } from "./sizes";
import { labelsOf, Tags } from "./tags";

/** The size of labels against the width of the picture, at the most: two of them fit side by side. */
const widest = 0.045;

export interface PictureProps {
  scene: Scene;
  grouped: boolean;
  you: Place | null;
  /** What a screen reader calls the picture. */
  spoken: string;
  /** The element that says the same in words, where there is one. */
  said?: string;
  /** The least size of the labels in CSS pixels, whatever the size of the picture. */
  text: number;
  /** The share of the window's height that the labels take where the picture is wide enough. */
  share?: number;
}

export function Picture(props: PictureProps) {
  const { grouped, spoken, said, text, share } = props;
  const scene = useSame(props.scene);
  const you = useSame(props.you);
  const frame = useRef<SVGSVGElement>(null);
  const unit = useUnit(frame);
  useGlide(frame, scene);

  const size = Math.max(text, Math.min(window.innerHeight * (share || 0), (width / unit) * widest)) * unit;
  const radius = markRadius(scene.marks.length, unit, text);
  const painted = useMemo(
    () => [<Discs scene={scene} grouped={grouped} radius={radius} />, <Cloud scene={scene} grouped={grouped} radius={radius} unit={unit} />],
    [scene, grouped, radius, unit],
  );
  const { tags, boxes, band } = useMemo(() => arrange(scene, grouped, you, size, radius), [scene, grouped, you, size, radius, currentLanguage()]);
  return (
    <svg ref={frame} class="map" viewBox={`-10 ${-10 - band} ${width + 20} ${height + 20 + 2 * band}`} role="img" aria-label={spoken} aria-describedby={said}>
      {grouped && scene.hulls.map((hull) => (
        <polygon key={"hull" + hull.group} class={"hull " + groupClass(hull.group)} stroke-width={radius * 4} points={hull.points.map((p) => `${p[0] * width},${p[1] * width}`).join(" ")} />
      ))}
      {painted}
      {you && <circle class="you-ring" cx={you.x * width} cy={you.y * width} r={Math.max(ringRadius(scene.marks, you, radius), text * 0.6 * unit)} stroke-width={Math.max(radius * 0.5, 2 * unit)} />}
      <Tags tags={tags} boxes={boxes} size={size} />
    </svg>
  );
}

/** The labels, their places, and the room that the picture keeps for them above and below. */
function arrange(scene: Scene, grouped: boolean, you: Place | null, size: number, radius: number) {
  const tags = labelsOf(scene, grouped, you, size);
  const band = bandFor(tags, scene.marks, radius);
  const marks = scene.marks.map((m) => ({ x: m.x * width, y: m.y * width, r: markSize(m, radius) * shapeReach(shapeOf(grouped ? m.group : "")) }));
  const hulls = grouped ? scene.hulls.map((hull) => hull.points.map((p) => ({ x: p[0] * width, y: p[1] * width }))) : [];
  return { tags, band, boxes: placeLabels(tags, { marks, hulls, width, height, band }) };
}

/** The ring goes around one's own mark, however many share it. */
function ringRadius(marks: Mark[], you: Place, radius: number): number {
  let size = radius;
  let least = 0.01;
  marks.forEach((mark) => {
    const far = Math.max(Math.abs(mark.x - you.x), Math.abs(mark.y - you.y));
    if (mark.group === you.group && far < least) {
      least = far;
      size = markSize(mark, radius);
    }
  });
  return size + radius * 1.1;
}

/** The value as it came first, for as long as what comes says the same: the hub sends all anew with every vote. */
function useSame<T>(value: T): T {
  const kept = useRef<{ given: T; value: T; text: string } | null>(null);
  const before = kept.current;
  if (before && before.given === value) return before.value;
  const text = JSON.stringify(value);
  kept.current = { given: value, value: before && before.text === text ? before.value : value, text };
  return kept.current.value;
}

/** How large a CSS pixel is in the picture. */
function useUnit(frame: { current: SVGSVGElement | null }): number {
  const [unit, setUnit] = useState(1);
  useLayoutEffect(() => {
    const measure = () => {
      const box = frame.current && frame.current.getBoundingClientRect();
      if (box && box.width > 0 && box.height > 0) setUnit(Math.max(width / box.width, height / box.height));
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  return unit;
}

function useGlide(frame: { current: SVGSVGElement | null }, scene: Scene): void {
  const shown = useRef<Mark[]>([]);
  useEffect(() => {
    const before = shown.current;
    shown.current = scene.marks;
    const moving: Moving[] = [];
    const nodes = frame.current ? frame.current.querySelectorAll("[data-mark]") : [];
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as Element;
      moving.push({ node, mark: Number(node.getAttribute("data-mark")) });
    }
    return glide(moving, starts(before, scene.marks), scene.marks);
  }, [scene]);
}
