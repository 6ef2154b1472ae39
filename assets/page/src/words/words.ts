// Texts of the catalogue in the language of the reader. One language is set for
// the whole page; whoever changes it draws the page again.
import catalogue from "catalogue";

export type Language = "zh-Hant" | "en";
export type Values = Record<string, string | number>;

export const languages: Language[] = ["zh-Hant", "en"];

let reading: Language = "zh-Hant";

export function setLanguage(language: Language): void {
  reading = language;
  document.documentElement.lang = tag(language);
}

export function currentLanguage(): Language {
  return reading;
}

/** The language tag for lang attributes: it chooses Taiwan's letter shapes. */
export function tag(language: string): string {
  return language === "zh-Hant" ? "zh-Hant-TW" : language;
}

export function isLanguage(value: unknown): value is Language {
  return value === "zh-Hant" || value === "en";
}

/** Whether the browser asks for one of our languages. */
export function speaksOurs(): boolean {
  return (navigator.languages || [navigator.language]).some((one) => /^(zh|en)/i.test(one));
}

/** The browser's language, Chinese where it is neither. */
export function preferred(): Language {
  const wanted = navigator.languages || [navigator.language];
  for (const one of wanted) {
    if (/^zh/i.test(one)) return "zh-Hant";
    if (/^en/i.test(one)) return "en";
  }
  return "zh-Hant";
}

/** The text of a key, numbers written as 1,207. Count chooses the plural, or N where there is none. */
export function t(key: string, values: Values = {}): string {
  return textIn(reading, key, values);
}

export function textIn(language: Language, key: string, values: Values = {}): string {
  const entry = catalogue[language][key];
  if (entry === undefined) return key;
  const form = typeof entry === "string" ? entry : singular(values["Count"] === undefined ? values["N"] : values["Count"]) ? entry.one : entry.other;
  return form.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? grouped(value) : value;
  });
}

export function has(key: string): boolean {
  return catalogue.en[key] !== undefined;
}

function singular(n: string | number | undefined): boolean {
  return n !== undefined && Number(n) === 1;
}

/** A whole number with a comma before every three digits. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

export interface Named {
  number: number;
  word: string;
}

/** Short facts in one line, with a dot between each two. */
export function dotted(parts: string[]): string {
  return parts.reduce((first, second) => (first === "" ? second : t("text.dotted", { First: first, Second: second })), "");
}

/** What a participant is called: "12 號・石虎", "12 · Leopard cat". */
export function personName(person: Named, language: Language = reading): string {
  return textIn(language, "person.label", { N: String(person.number), Word: animalName(person.word, language) });
}

export function animalName(word: string, language: Language = reading): string {
  const key = `animal.${word}`;
  return has(key) ? textIn(language, key) : word;
}

/** 760 s as "12:40", from the hub's milliseconds. */
export function minutes(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const rest = String(seconds % 60);
  return `${Math.floor(seconds / 60)}:${rest.length < 2 ? "0" + rest : rest}`;
}
