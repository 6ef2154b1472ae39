// Hints on writing a statement that others can answer. A hint never blocks:
// the facilitator decides. Only what no hub would take is held back.

export type Hint = "question" | "two" | "list" | "reply" | "long" | "negative";
export type Hold = "empty" | "too_long" | "emoji_only";

/** The share of the limit from which a statement is called long. */
const longShare = 0.6;

// Letters, digits and ideographs, without the property classes that browsers of 2018 lack.
const worded =
  /[0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u024f\u0370-\u1fff\u3005-\u3007\u3041-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ud7ff\uf900-\ufaff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]|[\ud840-\ud8bf][\udc00-\udfff]/;

const questionEnd = /[?？]|[嗎呢]\s*[。！!.]?\s*$|^(為什麼|為何|是不是|有沒有|能不能|可不可以)|^(why|how|what|who|when|where|should we|is it|are we|do we|can we)\b/i;
const listMark = /(^|\n)\s*([-*•・●▪◦‧]|\d{1,2}[.)、．]|[（(][0-9一二三四五六七八九十]{1,2}[)）]|[一二三四五六七八九十]、)\s*\S/;
const sentenceBreak = /[。！!；;]\s*\S|[.]\s+\S|\n\s*\S/;
const replyStart = /[@＠]|樓上|上一則|上面那|前面那|(我)?(同意|贊成|反對|不同意)(上面|前面|樓上|他|她|你)|回覆|^re[:：]|^(i )?(dis)?agree with (him|her|you|them|the above)|as (he|she|they|you) said|the statement above/i;
const negativeChinese = /不|沒有|沒辦法|無法|禁止|反對|別再|勿/;
const harmlessChinese = /不同|不錯|不只|不但|不僅|不過|不久|不斷|不論|不管|不少|不得不|不妨|差不多|不一定|不可或缺|不可思議/g;
const negativeEnglish = /\b(not|no|never|cannot|nobody|nothing|without|ban|stop|against)\b|n['’]t\b/i;
const harmlessEnglish = /\bnot only\b|\bno one-way\b|\bno matter\b|\bnon-?stop\b/gi;

/** Characters as the hub counts them: composed, without blanks around. */
export function characters(text: string): number {
  return Array.from(clean(text)).length;
}

export function clean(text: string): string {
  return text.normalize("NFC").trim();
}

/** Why a text cannot be sent, or null. */
export function hold(text: string, limit: number): Hold | null {
  const cleaned = clean(text);
  if (cleaned === "") return "empty";
  if (!worded.test(cleaned)) return "emoji_only";
  return characters(cleaned) > limit ? "too_long" : null;
}

/** What could be better about a text, in the order in which it helps. */
export function hints(text: string, limit: number): Hint[] {
  const cleaned = clean(text);
  const found: Hint[] = [];
  if (cleaned === "") return found;
  const list = listMark.test(cleaned);
  const question = questionEnd.test(cleaned);
  if (question) found.push("question");
  if (list) found.push("list");
  else if (sentenceBreak.test(cleaned)) found.push("two");
  if (replyStart.test(cleaned)) found.push("reply");
  // 「是不是」 asks; it does not deny.
  if (!question && negative(cleaned)) found.push("negative");
  if (characters(cleaned) > limit * longShare) found.push("long");
  return found;
}

function negative(text: string): boolean {
  return negativeChinese.test(text.replace(harmlessChinese, "")) || negativeEnglish.test(text.replace(harmlessEnglish, ""));
}
