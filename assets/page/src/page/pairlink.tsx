// A link that pairs a tablet, opened by its camera in a browser: the browser can do
// nothing with it, but hold it ready to be copied.
import { Fine } from "../look/parts";
import { t } from "../words/words";

export function isPairLink(hash: string): boolean {
  return hash.slice(0, 6) === "#pair?";
}

export function PairLink({ link, close }: { link: string; close: () => void }) {
  return (
    <section class="card lone">
      <h1><Fine text={t("pairlink.title")} /></h1>
      <p><Fine text={t("pairlink.how")} /></p>
      <input id="pairlink" type="text" readOnly value={link} aria-label={t("pairlink.label")}
        onFocus={(event) => (event.target as HTMLInputElement).select()} />
      <button class="plain" onClick={close}>{t("pairlink.join")}</button>
    </section>
  );
}
