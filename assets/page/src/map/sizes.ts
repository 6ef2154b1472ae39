// How large things on a map are painted, in the picture's units (1 000 across).
import type { Mark } from "../hub/types";

/** The picture's own measures. */
export const width = 1000;
export const height = 750;

/**
 * The radius of a mark for one person: fewer marks are larger, so that eight people
 * show on a wall and two thousand do not run into one. unit is one CSS pixel, text
 * the least size of a label in them.
 */
export function markRadius(marks: number, unit: number, text: number): number {
  const crowd = Math.min(1.4, Math.max(0.5, Math.pow(60 / Math.max(1, marks), 0.2)));
  return Math.max(10 * crowd, text * 0.36 * unit * Math.min(1, crowd));
}

/** The radius of a mark that stands for several people. */
export function markSize(mark: Mark, radius: number): number {
  return radius * Math.min(2.4, Math.sqrt(mark.people));
}

/** The line of a hollow mark: it stays hollow, and shows from the back of a room. */
export function hollowLine(size: number, unit: number): number {
  return Math.min(size * 0.6, Math.max(size * 0.32, 1.6 * unit));
}

/** The radius of the soft disc behind a mark: never so small that the mark hides it. */
export function discRadius(mark: Mark, radius: number): number {
  return Math.max((mark.spread || 0) * width, markSize(mark, radius) * 1.7);
}

interface Sized {
  w: number;
  h: number;
}

/**
 * How much taller a picture has to be above and below for its labels to find places
 * beside its marks: nothing on a large screen, a row or two on a narrow phone.
 */
export function bandFor(labels: Sized[], marks: Mark[], radius: number): number {
  if (labels.length === 0) return 0;
  const widest = Math.max(...labels.map((label) => label.w));
  const row = Math.max(...labels.map((label) => label.h)) * 1.08;
  let top = height;
  let bottom = height;
  marks.forEach((mark) => {
    const size = markSize(mark, radius);
    top = Math.min(top, mark.y * width - size);
    bottom = Math.min(bottom, height - mark.y * width - size);
  });
  const there = Math.max(0, Math.floor(top / row)) + Math.max(0, Math.floor(bottom / row));
  const rows = Math.ceil(labels.length / Math.max(1, Math.floor(width / (widest + 8))));
  return Math.max(0, Math.ceil((rows - there) / 2)) * row;
}
