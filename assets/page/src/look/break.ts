// Where a Chinese text may break at the end of a line: between its words, where
// the browser knows them, and never so that one character stands alone at the end.

export interface Piece {
  text: string;
  /** Stays on one line. */
  whole: boolean;
}

interface Segmenter {
  segment(text: string): Iterable<{ segment: string }>;
}

type SegmenterClass = new (language: string, options: { granularity: "word" }) => Segmenter;

const chineseEnd = /[\u3400-\u9fff\uf900-\ufaff]{1,2}[\u3000-\u303f\uff00-\uffef]*$/;
const chineseWord = /^[\u3400-\u9fff\uf900-\ufaff]{2,5}$/;

/** Cuts a text into pieces; together they are the text. */
export function pieces(text: string, segmenter: Segmenter | null = words()): Piece[] {
  const end = chineseEnd.exec(text);
  if (!end) return [{ text, whole: false }];
  const found: Piece[] = [];
  const add = (part: string, whole: boolean) => {
    const last = found[found.length - 1];
    if (last && !whole && !last.whole) last.text += part;
    else found.push({ text: part, whole });
  };
  let at = 0;
  for (const part of segmenter ? segmenter.segment(text) : []) {
    if (at + part.segment.length > end.index) break;
    add(part.segment, chineseWord.test(part.segment));
    at += part.segment.length;
  }
  // A word that reaches into the end stays with it, unless it is long.
  const start = segmenter && text.length - at <= 8 ? at : end.index;
  if (start > at) add(text.slice(at, start), false);
  return found.concat({ text: text.slice(start), whole: true });
}

let known: Segmenter | null | undefined;

function words(): Segmenter | null {
  if (known !== undefined) return known;
  const made = typeof Intl === "object" ? (Intl as { Segmenter?: SegmenterClass }).Segmenter : undefined;
  known = made ? new made("zh-Hant", { granularity: "word" }) : null;
  return known;
}
