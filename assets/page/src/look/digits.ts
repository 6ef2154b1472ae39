/** Six digits from whatever was typed: spaces go, wide digits become plain ones. */
export function digits(typed: string): string {
  return typed.replace(/[０-９]/g, (wide) => String(wide.charCodeAt(0) - 0xff10)).replace(/\D/g, "").slice(0, 6);
}
