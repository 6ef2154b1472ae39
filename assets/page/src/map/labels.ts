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

export interface Point {
  x: number;
  y: number;
}

const turns = [0, 15, -15, 30, -30, 50, -50, 75, -75, 105, -105, 140, -140, 180];
const reaches = [1, 1.25, 1.6, 2, 2.6, 3.4];

/** Gives the boxes in the order of the labels, each inside 0,0 to width,height. */
export function placeLabels(labels: Wanted[], marks: Point[], width: number, height: number): Box[] {
  const placed: Box[] = [];
  labels.forEach((label) => {
    let best: Box | null = null;
    let least = Infinity;
    candidates(label, width, height).forEach((box) => {
      const cost = price(box, label, marks, placed);
      if (cost < least) {
        least = cost;
        best = box;
      }
    });
    placed.push(best || inside(label, width, height));
  });
  return placed;
}

function candidates(label: Wanted, width: number, height: number): Box[] {
  const dx = label.x - label.ax;
  const dy = label.y - label.ay;
  const distance = Math.max(Math.sqrt(dx * dx + dy * dy), label.h);
  const angle = dx === 0 && dy === 0 ? -Math.PI / 2 : Math.atan2(dy, dx);
  const boxes: Box[] = [inside(label, width, height)];
  reaches.forEach((reach) =>
    turns.forEach((turn) => {
      const a = angle + (turn * Math.PI) / 180;
      const box = { x: label.ax + Math.cos(a) * distance * reach, y: label.ay + Math.sin(a) * distance * reach, w: label.w, h: label.h };
      boxes.push(inside(box, width, height));
    }),
  );
  return boxes;
}

function inside(box: Box, width: number, height: number): Box {
  return {
    x: Math.min(width - box.w / 2, Math.max(box.w / 2, box.x)),
    y: Math.min(height - box.h / 2, Math.max(box.h / 2, box.y)),
    w: box.w,
    h: box.h,
  };
}

function price(box: Box, label: Wanted, marks: Point[], placed: Box[]): number {
  const covered = marks.filter((mark) => Math.abs(mark.x - box.x) < box.w / 2 + box.h / 4 && Math.abs(mark.y - box.y) < box.h * 0.75).length;
  const overlaps = placed.filter((other) => Math.abs(other.x - box.x) < (other.w + box.w) / 2 + 4 && Math.abs(other.y - box.y) < (other.h + box.h) / 2 + 4).length;
  const away = Math.sqrt(Math.pow(box.x - label.x, 2) + Math.pow(box.y - label.y, 2)) / label.h;
  return covered * 20 + overlaps * 200 + away;
}

/** About how wide a text is, in units of its size. */
export function textWidth(text: string): number {
  let width = 0;
  for (const letter of Array.from(text)) width += /[\u2e80-\uffef]|[\ud800-\udfff]{2}/.test(letter) ? 1 : letter === " " || letter === "·" ? 0.3 : 0.6;
  return width;
}
