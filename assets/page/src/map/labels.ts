// Where the labels of a map go: outside, where they cover no mark and no other
// label, as near as that allows to where the scene wants them.

export interface Box {
  /** Centre, width and height. */
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Wanted extends Box {
  /** Where the leader ends. */
  ax: number;
  ay: number;
}

/** A mark with its radius, or a place alone. */
export interface Point {
  x: number;
  y: number;
  r?: number;
}

/** The ground of a picture: what labels must not cover, and how far they may go. */
export interface Ground {
  marks: Point[];
  hulls?: Point[][];
  width: number;
  height: number;
  /** The room above and below for labels alone. */
  band?: number;
}

const turns = [0, 15, -15, 30, -30, 50, -50, 75, -75, 105, -105, 140, -140, 180];
const reaches = [1, 1.25, 1.6, 2, 2.6, 3.4];
/** Places tried along a row at the upper and lower edge. */
const along = 12;

/**
 * Gives the boxes in the order of the labels, each inside the ground and its bands.
 * Whoever comes first chooses first: where that ends in a conflict, the others may.
 */
export function placeLabels(labels: Wanted[], ground: Ground): Box[] {
  const choices = labels.map((label) => choicesOf(label, ground));
  let best: Arrangement = arrange(labels, choices, 0);
  for (let first = 1; first < labels.length && best.cost >= conflict; first++) {
    const other = arrange(labels, choices, first);
    if (other.cost < best.cost) best = other;
  }
  return best.boxes;
}

/** A place that a label may take, and what it costs before the other labels come. */
interface Choice {
  box: Box;
  cost: number;
}

/** The places of a label, the cheapest first. */
function choicesOf(label: Wanted, ground: Ground): Choice[] {
  return candidates(label, ground)
    .map((box) => ({ box, cost: priceOf(box, label, ground) }))
    .sort((a, b) => a.cost - b.cost);
}

interface Arrangement {
  boxes: Box[];
  cost: number;
}

/** Places the labels one after the other, beginning with one of them. */
function arrange(labels: Wanted[], choices: Choice[][], first: number): Arrangement {
  const placed: Placed[] = [];
  const boxes: Box[] = labels.slice();
  let cost = 0;
  labels.forEach((_, i) => {
    const at = (first + i) % labels.length;
    const label = labels[at] as Wanted;
    let least = Infinity;
    for (const choice of choices[at] || []) {
      if (choice.cost >= least) break;
      const price = choice.cost + between(choice.box, label, placed);
      if (price < least) {
        least = price;
        boxes[at] = choice.box;
      }
    }
    cost += least;
    placed.push({ box: boxes[at] as Box, to: { x: label.ax, y: label.ay } });
  });
  return { boxes, cost };
}

/** A label that has its place, and where its leader goes. */
interface Placed {
  box: Box;
  to: Point;
}

function candidates(label: Wanted, ground: Ground): Box[] {
  const dx = label.x - label.ax;
  const dy = label.y - label.ay;
  const distance = Math.max(Math.sqrt(dx * dx + dy * dy), label.h);
  const angle = dx === 0 && dy === 0 ? -Math.PI / 2 : Math.atan2(dy, dx);
  const boxes: Box[] = [inside(label, ground)];
  const add = (x: number, y: number) => boxes.push(inside({ x, y, w: label.w, h: label.h }, ground));
  reaches.forEach((reach) =>
    turns.forEach((turn) => {
      const a = angle + (turn * Math.PI) / 180;
      add(label.ax + Math.cos(a) * distance * reach, label.ay + Math.sin(a) * distance * reach);
    }),
  );
  // Along the edges, where the rows of a phone's labels are.
  const band = ground.band || 0;
  for (let row = 0; row < 3; row++) {
    for (let i = 0; i <= along; i++) {
      const x = label.w / 2 + ((ground.width - label.w) * i) / along;
      const y = label.h * (0.5 + row * 1.05) - band;
      add(x, y);
      add(x, ground.height - y);
    }
  }
  return boxes;
}

function inside(box: Box, { width, height, band = 0 }: Ground): Box {
  return {
    x: Math.min(width - box.w / 2, Math.max(box.w / 2, box.x)),
    y: Math.min(height + band - box.h / 2, Math.max(box.h / 2 - band, box.y)),
    w: box.w,
    h: box.h,
  };
}

/** A leader that runs under another label; to cover a mark or a label is worse. */
const conflict = 15;

/** What a place costs by itself: how far it is, and what it covers. */
function priceOf(box: Box, label: Wanted, { hulls = [], marks }: Ground): number {
  let cost = Math.sqrt(Math.pow(box.x - label.x, 2) + Math.pow(box.y - label.y, 2)) / label.h;
  for (const hull of hulls) {
    if (reachesInto(box, hull)) cost += 8;
  }
  for (const mark of marks) {
    if (covers(box, mark)) cost += 3 * conflict;
  }
  return cost;
}

/** What a place costs because of the labels that have theirs already. */
function between(box: Box, label: Wanted, placed: Placed[]): number {
  let cost = 0;
  for (const { box: other, to } of placed) {
    if (Math.abs(other.x - box.x) < (other.w + box.w) / 2 + 4 && Math.abs(other.y - box.y) < (other.h + box.h) / 2 + 4) cost += 20 * conflict;
    if (crosses(other, box, { x: label.ax, y: label.ay }) || crosses(box, other, to)) cost += conflict;
  }
  return cost;
}

function covers(box: Box, mark: Point): boolean {
  const r = mark.r === undefined ? box.h / 4 : mark.r + 2;
  return Math.abs(mark.x - box.x) < box.w / 2 + r && Math.abs(mark.y - box.y) < box.h / 2 + r;
}

/** Whether a leader from the middle of one box to where it ends runs over another box. */
function crosses(box: Box, from: Point, to: Point): boolean {
  for (let i = 1; i <= steps; i++) {
    const x = from.x + ((to.x - from.x) * i) / steps;
    const y = from.y + ((to.y - from.y) * i) / steps;
    if (Math.abs(x - box.x) < box.w / 2 + 2 && Math.abs(y - box.y) < box.h / 2 + 2) return true;
  }
  return false;
}

const steps = 40;

function reachesInto(box: Box, hull: Point[]): boolean {
  return [-0.5, 0, 0.5].some((right) => [-0.5, 0.5].some((down) => contains(hull, box.x + right * box.w, box.y + down * box.h)));
}

function contains(hull: Point[], x: number, y: number): boolean {
  let odd = false;
  hull.forEach((p, i) => {
    const q = hull[(i + hull.length - 1) % hull.length] as Point;
    if (p.y > y !== q.y > y && x < ((q.x - p.x) * (y - p.y)) / (q.y - p.y) + p.x) odd = !odd;
  });
  return odd;
}

/** About how wide a text is, in units of its size. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of Array.from(text)) width += /[\u2e80-\uffef]|[\ud800-\udfff]{2}/.test(letter) ? 1 : letter === " " || letter === "·" ? 0.3 : 0.6;
  return width;
}
