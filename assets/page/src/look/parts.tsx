// Pieces that all three pages use.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { statementIn } from "../hub/said";
import type { Statement } from "../hub/types";
import { currentLanguage, t, tag } from "../words/words";
import { pieces } from "./break";

/** A text that breaks between Chinese words, and leaves no character alone on its last line. */
export function Fine({ text }: { text: string }) {
  const parts = pieces(text);
  if (parts.length === 1) return <>{text}</>;
  return <span>{parts.map((piece) => (piece.whole ? <span class="whole">{piece.text}</span> : piece.text))}</span>;
}

/** The text of a statement in a list. */
export function StatementText({ statement }: { statement: Statement }) {
  const said = statementIn(statement, currentLanguage());
  return <p class="text" lang={tag(said.lang)}><Fine text={said.text} /></p>;
}

/** Lines of a longer text, as paragraphs. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <>
      {text.split(/\n+/).filter((line) => line.trim() !== "").map((line, i) => (
        <p key={i}><Fine text={line} /></p>
      ))}
    </>
  );
}

export interface Parts {
  agree: number;
  disagree: number;
  pass: number;
}

/** The bar of a statement. Its figures stand beside it as text, so it is hidden from screen readers. */
export function Bar({ agree, disagree, pass }: Parts) {
  const sum = agree + disagree + pass;
  const share = (n: number) => ({ width: (sum > 0 ? (100 * n) / sum : 0) + "%" });
  return (
    <div class="bar" aria-hidden="true">
      <span class="agree" style={share(agree)} />
      <span class="disagree" style={share(disagree)} />
      <span class="pass" style={share(pass)} />
    </div>
  );
}

export function Counts({ agree, disagree, pass }: Parts) {
  if (agree + disagree + pass === 0) return <p class="quiet small">{t("results.none")}</p>;
  return <p class="quiet small">{t("results.counts", { Agree: agree, Disagree: disagree, Pass: pass })}</p>;
}

const focusable = "button:not([disabled]), input, textarea, select, a[href], summary";

/** A window over the page: the focus stays in it, Escape closes it, and afterwards it returns to where it was. */
export function Dialog(props: { title: string; close: () => void; children: ComponentChildren; alert?: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const first = box.current && box.current.querySelector<HTMLElement>("[data-first], " + focusable);
    if (first) first.focus();
    return () => {
      if (before && before.focus) before.focus();
    };
  }, []);
  const keep = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") props.close();
    if (event.key !== "Tab" || !box.current) return;
    const all = box.current.querySelectorAll<HTMLElement>(focusable);
    const edge = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement !== edge) return;
    event.preventDefault();
    const other = event.shiftKey ? all[all.length - 1] : all[0];
    if (other) other.focus();
  };
  return (
    <div class="veil">
      <div class="dialog" ref={box} role={props.alert ? "alertdialog" : "dialog"} aria-modal="true" aria-labelledby="dialog-title" onKeyDown={keep}>
        <h2 id="dialog-title"><Fine text={props.title} /></h2>
        {props.children}
      </div>
    </div>
  );
}
