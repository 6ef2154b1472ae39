// One statement and its three equal answers.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Vote } from "../hub/types";
import { Fine } from "../look/parts";
import { t, tag } from "../words/words";

/** A tap this soon after a new statement was meant for the one before. */
export const tooSoon = 400;

const votes: Vote[] = ["agree", "disagree", "pass"];

const signs: Record<Vote, string> = {
  agree: "M3 13l6 6L21 5",
  disagree: "M5 5l14 14M19 5L5 19",
  pass: "M3 12h18",
};

export interface BallotProps {
  id: string;
  text: string;
  lang: string;
  badge?: string;
  /** The vote given before, "" for none. */
  chosen: string;
  choose: (vote: Vote) => void;
}

/** Says whether what is shown under the id has been there long enough to be answered. */
export function useSettled(id: string): () => boolean {
  const since = useRef(0);
  useLayoutEffect(() => {
    since.current = performance.now();
  }, [id]);
  return () => performance.now() - since.current >= tooSoon;
}

export function Ballot({ id, text, lang, badge, chosen, choose }: BallotProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const group = useRef<HTMLDivElement>(null);
  const settled = useSettled(id);
  const take = (vote: Vote) => {
    if (settled()) choose(vote);
  };

  // A new statement is read out, and the keys start from it.
  useEffect(() => {
    window.scrollTo(0, 0);
    if (heading.current) heading.current.focus();
  }, [id]);

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || typing(event.target)) return;
      const at = ["1", "2", "3"].indexOf(event.key);
      if (at >= 0) take(votes[at] as Vote);
      const turn = /^Arrow(Down|Right)$/.test(event.key) ? 1 : /^Arrow(Up|Left)$/.test(event.key) ? -1 : 0;
      if (turn !== 0 && group.current && step(group.current, turn)) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });

  return (
    <>
      <section class="card statement">
        {badge && <p class="badge">{badge}</p>}
        <h1 ref={heading} tabIndex={-1} lang={tag(lang)}><Fine text={text} /></h1>
      </section>
      <div class="votes" role="group" aria-label={t("vote.group")} ref={group}>
        {votes.map((vote) => (
          <button key={vote} aria-pressed={chosen ? chosen === vote : undefined} onClick={() => take(vote)}>
            <span class="sign" aria-hidden="true">
              <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"><path d={signs[vote]} /></svg>
            </span>
            {t(`vote.${vote}`)}
            {vote === "pass" && <small>{t("vote.pass_hint")}</small>}
          </button>
        ))}
      </div>
    </>
  );
}

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return element !== null && (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || (element.closest !== undefined && element.closest(".veil") !== null));
}

function step(group: HTMLElement, turn: number): boolean {
  const buttons = Array.from(group.querySelectorAll("button"));
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = buttons[at < 0 ? (turn > 0 ? 0 : buttons.length - 1) : (at + turn + buttons.length) % buttons.length];
  if (next) next.focus();
  return next !== undefined;
}
