// What stands for people on a map: marks, and soft discs behind those whose place
// is uncertain. A node names its mark by number, so that both glide as one.
import type { Mark, Scene } from "../hub/types";
import { transform } from "./glide";
import { groupClass, shapeOf, shapePath } from "./shapes";
import { discRadius, height, hollowLine, markSize, width } from "./sizes";

interface CloudProps {
  scene: Scene;
  grouped: boolean;
  radius: number;
}

export function Cloud({ scene, grouped, radius, unit }: CloudProps & { unit: number }) {
  return (
    <g stroke-width={unit}>
      {scene.marks.map((mark, i) => <One key={i} at={i} mark={mark} group={grouped ? mark.group : ""} hollow={grouped && mark.between === true} size={markSize(mark, radius)} unit={unit} />)}
    </g>
  );
}

interface OneProps {
  at: number;
  mark: Mark;
  group: string;
  hollow: boolean;
  size: number;
  unit: number;
}

function One({ at, mark, group, hollow, size, unit }: OneProps) {
  const line = hollowLine(size, unit);
  return (
    <path data-mark={at} class={(hollow ? "mark hollow " : "mark ") + groupClass(group)} transform={transform(mark)}
      stroke-width={hollow ? line : undefined} d={shapePath(shapeOf(group), hollow ? size - line / 2 : size)} />
  );
}

/** The discs lie under all marks, and end at the picture's frame. */
export function Discs({ scene, grouped, radius }: CloudProps) {
  const groupOf = (mark: Mark) => groupClass(grouped ? mark.group : "");
  const soft = scene.marks.filter((mark) => (mark.spread || 0) > 0).map(groupOf);
  if (soft.length === 0) return null;
  const looks = soft.filter((look, i) => soft.indexOf(look) === i);
  return (
    <g clip-path="url(#map-frame)">
      <defs>
        <clipPath id="map-frame"><rect x={-10} y={-10} width={width + 20} height={height + 20} /></clipPath>
        {looks.map((look) => (
          <radialGradient key={look} id={"soft-" + look} class={look}>
            <stop class="soft" offset="0.35" /><stop class="soft out" offset="1" />
          </radialGradient>
        ))}
      </defs>
      {scene.marks.map((mark, i) => (mark.spread || 0) > 0 && (
        <circle key={i} data-mark={i} class="disc" transform={transform(mark)} r={discRadius(mark, radius)} fill={`url(#soft-${groupOf(mark)})`} />
      ))}
    </g>
  );
}
