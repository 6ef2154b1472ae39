// Before a person is in a session: the six digits, the next person, waiting.
import { useState } from "preact/hooks";
import { digits } from "../look/digits";
import { Fine } from "../look/parts";
import { t } from "../words/words";
import type { Model } from "./model";
import type { Screen } from "./place";
import { typed } from "./badge";
import { WebviewHint } from "./webview";

export function Entry({ model, screen }: { model: Model; screen: Screen }) {
  if (screen === "hand") return <Hand model={model} />;
  if (screen === "joining") return <Working />;
  if (screen === "away") return <Away model={model} />;
  if (screen === "move") return <Move model={model} />;
  if (model.badges) return <BadgePad model={model} />;
  return <Pad model={model} />;
}

function Pad({ model }: { model: Model }) {
  const [code, setCode] = useState("");
  const [short, setShort] = useState(false);
  const go = (wanted: string) => {
    setShort(wanted.length < 6);
    if (wanted.length === 6) void model.join(wanted);
  };
  const type = (event: Event) => {
    const typed = digits((event.target as HTMLInputElement).value);
    (event.target as HTMLInputElement).value = typed;
    setCode(typed);
    setShort(false);
    if (typed.length === 6 && code.length === 5) go(typed);
  };
  return (
    <section class="card lone">
      <WebviewHint />
      <form class="pad" noValidate onSubmit={(event) => { event.preventDefault(); go(code); }}>
        <h1><label for="code">{t("pad.title")}</label></h1>
        <p class="quiet" id="code-hint"><Fine text={t("pad.hint")} /></p>
        <input id="code" name="code" type="text" inputMode="numeric" pattern="[0-9]*" autoComplete="off" maxLength={9}
          value={code} onInput={type} aria-describedby="code-hint code-short" aria-invalid={short} />
        <p class="wrong" id="code-short" role="alert">{short ? t("pad.short", { N: 6 - code.length }) : ""}</p>
        <button class="filled" type="submit">{t("pad.go")}</button>
      </form>
      {model.identity && <button class="plain" onClick={() => model.want(null)}>{t("notice.back")}</button>}
      {model.waitingElsewhere > 0 && <p class="quiet small">{t("pad.kept", { N: model.waitingElsewhere })}</p>}
    </section>
  );
}

/** The ten characters of a badge, for those who cannot scan it. */
function BadgePad({ model }: { model: Model }) {
  const [text, setText] = useState("");
  const [short, setShort] = useState(false);
  const missing = 10 - typed(text).length;
  const type = (event: Event) => {
    setText((event.target as HTMLInputElement).value);
    setShort(false);
  };
  const go = (event: Event) => {
    event.preventDefault();
    setShort(missing > 0);
    if (missing === 0) model.joinTyped(typed(text));
  };
  return (
    <section class="card lone">
      <form class="pad ten" noValidate onSubmit={go}>
        <h1><label for="badge"><Fine text={t("badge.title")} /></label></h1>
        <p class="quiet" id="badge-hint"><Fine text={t("badge.hint")} /></p>
        <input id="badge" name="badge" type="text" autoComplete="off" autoCapitalize="characters" spellcheck={false} maxLength={24}
          value={text} onInput={type} aria-describedby="badge-hint badge-short" aria-invalid={short} />
        <p class="wrong" id="badge-short" role="alert">{short ? t("badge.short", { N: missing }) : ""}</p>
        <button class="filled" type="submit">{t("pad.go")}</button>
      </form>
      {model.identity && <button class="plain" onClick={() => model.want(null)}>{t("notice.back")}</button>}
      {model.waitingElsewhere > 0 && <p class="quiet small">{t("pad.kept", { N: model.waitingElsewhere })}</p>}
    </section>
  );
}

function Move({ model }: { model: Model }) {
  return (
    <section class="card lone">
      <h1><Fine text={t("badge.move")} /></h1>
      <p><Fine text={t("badge.move_help")} /></p>
      <div class="acts">
        <button class="filled" onClick={() => model.moveHere()}>{t("badge.move_go")}</button>
        <button class="plain" onClick={() => model.stayThere()}>{t("badge.move_stay")}</button>
      </div>
    </section>
  );
}

function Hand({ model }: { model: Model }) {
  return (
    <section class="card lone">
      <h1><Fine text={t("hand.title")} /></h1>
      <p><Fine text={t("hand.help")} /></p>
      <div class="acts">
        <button class="filled" onClick={() => model.nextPerson()}>{t("hand.go")}</button>
        <button class="plain" onClick={() => model.otherCode()}>{t("pad.title")}</button>
      </div>
    </section>
  );
}

function Working() {
  return (
    <section class="card lone" role="status">
      <p class="quiet">{t("join.working")}</p>
    </section>
  );
}

function Away({ model }: { model: Model }) {
  return (
    <section class="card lone" role="status">
      <h1><Fine text={t("join.away")} /></h1>
      <p><Fine text={t("join.away_help")} /></p>
      <button class="filled" onClick={() => model.retry()}>{t("join.retry")}</button>
    </section>
  );
}
