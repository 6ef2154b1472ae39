// Before a person is in a session: the six digits, the next person, waiting.
import { useState } from "preact/hooks";
import { digits } from "../look/digits";
import { Fine } from "../look/parts";
import { t } from "../words/words";
import type { Model } from "./model";
import type { Screen } from "./place";
import { WebviewHint } from "./webview";

export function Entry({ model, screen }: { model: Model; screen: Screen }) {
  if (screen === "hand") return <Hand model={model} />;
  if (screen === "joining") return <Working />;
  if (screen === "away") return <Away model={model} />;
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
