// The mark of each opinion group: a letter, a colour (in the style sheet) and a
// shape, so that a group is never told by its colour alone.

export type Shape = "circle" | "square" | "triangle" | "diamond" | "star" | "ring";

const shapes: Record<string, Shape> = { A: "circle", B: "square", C: "triangle", D: "diamond", E: "star" };

export function shapeOf(group: string): Shape {
  return (known(group) && shapes[group]) || "ring";
}

/** The class that colours a group's marks. */
export function groupClass(group: string): string {
  return known(group) ? "group-" + group : "group-none";
}

function known(group: string): boolean {
  return Object.prototype.hasOwnProperty.call(shapes, group);
}

/** Path data around 0,0. All shapes of one radius look equally large. */
export function shapePath(shape: Shape, radius: number): string {
  switch (shape) {
    case "square":
      return polygon(4, radius * 1.2, 45);
    case "triangle":
      return polygon(3, radius * 1.35, -90);
    case "diamond":
      return polygon(4, radius * 1.25, 0);
    case "star":
      return star(radius * 1.4);
    default:
      return round(shape === "ring" ? radius * 0.9 : radius);
  }
}

/** How far a shape of radius 1 reaches from its middle. */
export function shapeReach(shape: Shape): number {
  return { circle: 1, ring: 1, square: 0.9, triangle: 1.35, diamond: 1.25, star: 1.4 }[shape];
}

function round(r: number): string {
  return `M${fixed(-r)} 0a${fixed(r)} ${fixed(r)} 0 1 0 ${fixed(2 * r)} 0a${fixed(r)} ${fixed(r)} 0 1 0 ${fixed(-2 * r)} 0z`;
}

function polygon(corners: number, radius: number, turn: number): string {
  return join(Array.from({ length: corners }, (_, i) => at(radius, turn + (360 / corners) * i)));
}

function star(radius: number): string {
  return join(Array.from({ length: 10 }, (_, i) => at(i % 2 ? radius * 0.45 : radius, -90 + 36 * i)));
}

function at(radius: number, degrees: number): string {
  const angle = (degrees * Math.PI) / 180;
  return fixed(radius * Math.cos(angle)) + " " + fixed(radius * Math.sin(angle));
}

function join(points: string[]): string {
  return "M" + points.join("L") + "z";
}

function fixed(n: number): string {
  return String(Math.round(n * 100) / 100);
}
