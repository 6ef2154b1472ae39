// Messengers open links in a browser of their own that may lose what waits.
import { useState } from "preact/hooks";
import { t } from "../words/words";

const apps: [RegExp, string][] = [
  [/\bLine\//i, "LINE"],
  [/\bFBA[NV]\b|FB_IAB/i, "Facebook"],
  [/\bInstagram\b/i, "Instagram"],
  [/\bMicroMessenger\b/i, "WeChat"],
  [/\bTelegram\b/i, "Telegram"],
  [/; wv\)/i, ""],
];

/** The name of the program whose browser this is, "" for an unknown one, null for a real browser. */
export function webview(agent: string): string | null {
  const found = apps.filter(([pattern]) => pattern.test(agent))[0];
  return found ? found[1] : null;
}

export function WebviewHint() {
  const [closed, close] = useState(false);
  const app = webview(navigator.userAgent);
  if (app === null || closed) return null;
  const address = location.origin + location.pathname;
  return (
    <aside class="waiting">
      <p>{t("webview.text", { App: app || t("webview.other") })}</p>
      {app === "LINE" ? <p class="small">{t("webview.open")}:</p> : <p class="small">{t("webview.how", { Address: address })}</p>}
      <div class="row">
        {app === "LINE" && <a class="button filled" href={address + "?openExternalBrowser=1"}>{t("webview.open")}</a>}
        <button onClick={() => close(true)}>{t("webview.stay")}</button>
      </div>
    </aside>
  );
}
