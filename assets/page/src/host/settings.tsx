// What the session says about itself.
import { useState } from "preact/hooks";
import { t } from "../words/words";
import type { HostProps, ViewProps } from "./frame";

const fields = ["title", "about", "notice", "contact", "licence", "wifi", "practice", "question", "question_low", "question_high", "prompt"];
const long = ["about", "notice", "prompt"];

export function SettingsView({ host, state }: ViewProps) {
  return (
    <>
      <div class="step-head"><h1>{t("host.settings")}</h1></div>
      <section class="card settings">
        {fields.map((field) => <Field key={field} host={host} field={field} stored={String(state.settings[field] || "")} />)}
      </section>
    </>
  );
}

function Field({ host, field, stored }: HostProps & { field: string; stored: string }) {
  const [text, setText] = useState<string | null>(null);
  const value = text === null ? stored : text;
  const save = async (event: Event) => {
    event.preventDefault();
    if (await host.act({ act: "set", field, value: value.trim() })) setText(null);
  };
  const type = (event: Event) => setText((event.target as HTMLInputElement).value);
  return (
    <form onSubmit={save}>
      <label for={"set-" + field}>{t(`host.set_${field}`)}</label>
      {long.indexOf(field) >= 0
        ? <textarea id={"set-" + field} rows={4} value={value} onInput={type} />
        : <input id={"set-" + field} type="text" value={value} onInput={type} />}
      <p class="saved" role="status">{host.saved === field && text === null ? t("host.set_saved") : ""}</p>
      <button type="submit" disabled={value === stored}>{t("host.set_save")}</button>
    </form>
  );
}
