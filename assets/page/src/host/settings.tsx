// What the session says about itself.
import { languages, t } from "../words/words";
import type { HostProps, ViewProps } from "./frame";

const fields = ["title", "about", "notice", "contact", "licence", "wifi", "practice", "question", "question_low", "question_high", "prompt"];
const long = ["about", "notice", "prompt"];

export function SettingsView({ host, state }: ViewProps) {
  return (
    <>
      <div class="step-head"><h1>{t("host.settings")}</h1></div>
      <section class="card settings">
        <div>
          <label for="set-language">{t("host.set_language")}</label>
          <select id="set-language" value={state.language} onChange={(event) => void host.act({ act: "set", field: "language", value: (event.target as HTMLSelectElement).value })}>
            {languages.map((language) => <option key={language} value={language}>{t(`language.${language}`)}</option>)}
          </select>
          <p class="saved" role="status">{host.saved === "language" ? t("host.set_saved") : ""}</p>
        </div>
        {fields.map((field) => <Field key={field} host={host} field={field} stored={String(state.settings[field] || "")} />)}
      </section>
    </>
  );
}

function Field({ host, field, stored }: HostProps & { field: string; stored: string }) {
  const text = host.drafts[field];
  const value = text === undefined ? stored : text;
  const save = async (event: Event) => {
    event.preventDefault();
    if (await host.act({ act: "set", field, value: value.trim() })) host.draft(field, undefined);
  };
  const type = (event: Event) => host.draft(field, (event.target as HTMLInputElement).value);
  return (
    <form onSubmit={save}>
      <label for={"set-" + field}>{t(`host.set_${field}`)}</label>
      {long.indexOf(field) >= 0
        ? <textarea id={"set-" + field} rows={4} value={value} onInput={type} />
        : <input id={"set-" + field} type="text" value={value} onInput={type} />}
      <p class="saved" role="status">{host.saved === field && text === undefined ? t("host.set_saved") : ""}</p>
      <button type="submit" disabled={value === stored}>{t("host.set_save")}</button>
    </form>
  );
}
