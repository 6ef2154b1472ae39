// Writing a statement, with hints that never block.
import { useState } from "preact/hooks";
import type { OwnStatement } from "../hub/types";
import { Fine } from "../look/parts";
import { t } from "../words/words";
import { characters, hints, hold } from "../write/coach";
import type { Model } from "./model";

export function WriteScreen({ model }: { model: Model }) {
  const { state, identity } = model;
  const [tried, setTried] = useState(false);
  if (!state || !identity) return null;
  const limit = state.session.statement_limit || 140;
  const text = identity.draft;
  const held = hold(text, limit);
  const send = (event: Event) => {
    event.preventDefault();
    setTried(held !== null);
    if (held === null) model.write(text);
  };
  const stopped = held !== null && (tried || held === "too_long");
  return (
    <>
      <form class="card sheet write" noValidate onSubmit={send}>
        <div>
          <h1>{t("write.title")}</h1>
          <p class="quiet"><Fine text={t("write.tip")} /></p>
        </div>
        <div>
          <label for="statement">{t("write.label")}</label>
          <textarea id="statement" rows={3} placeholder={t("write.start")} value={text} aria-describedby="statement-count statement-hints"
            aria-invalid={stopped} onInput={(event) => { setTried(false); model.draft((event.target as HTMLTextAreaElement).value); }} />
          <p class="count" id="statement-count">{t("write.count", { N: characters(text), Limit: limit })}</p>
        </div>
        <div class="coach" id="statement-hints" role="status">
          {stopped && held && <p><strong>{t(`coach.${held}`, { N: characters(text) - limit })}</strong></p>}
          {hints(text, limit).map((hint) => <p key={hint}><Fine text={t(`coach.${hint}`)} /></p>)}
        </div>
        <div class="row">
          <button type="button" onClick={() => model.want(null)}>{t("write.back")}</button>
          <button class="filled" type="submit">{t("write.send")}</button>
        </div>
      </form>
      <Mine model={model} statements={state.me.statements || []} />
    </>
  );
}

function Mine({ model, statements }: { model: Model; statements: OwnStatement[] }) {
  const unsent = model.unsent.filter((item) => !statements.some((one) => one.id === item.cid));
  if (statements.length + unsent.length === 0) return null;
  return (
    <section class="card mine">
      <h2>{t("write.mine")}</h2>
      <ul>
        {unsent.map((item) => <Line key={item.cid} text={typeof item.value === "object" ? item.value.text : ""} state={t("write.waiting")} reason="" />)}
        {statements.map((one) => <Line key={one.id} text={one.text} state={t(`write.${one.state}`)} reason={one.reason} />)}
      </ul>
    </section>
  );
}

function Line({ text, state, reason }: { text: string; state: string; reason: string }) {
  return (
    <li>
      <p><Fine text={text} /></p>
      <p class="small">{state}</p>
      {reason && <p class="small">{t("write.reason", { Reason: reason })}</p>}
    </li>
  );
}
