// The participants' page: starts the model and draws it.
import { Component, render } from "preact";
import type { ComponentChildren } from "preact";
import { sessionIn } from "../hub/said";
import { currentLanguage, t } from "../words/words";
import { Badge, scanned } from "./badge";
import { Model } from "./model";
import { isPairLink, PairLink } from "./pairlink";
import { Shell } from "./shell";

class Guard extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false };

  override componentDidCatch(): void {
    this.setState({ broken: true });
  }

  override render() {
    if (!this.state.broken) return <>{this.props.children}</>;
    return (
      <main class="page">
        <section class="card lone">
          <h1>{t("page.wrong")}</h1>
          <p>{t("page.wrong_help")}</p>
          <button class="filled" onClick={() => location.reload()}>{t("page.reopen")}</button>
        </section>
      </main>
    );
  }
}

/** Takes a badge out of the address, where somebody might see it or pass it on. */
function takeBadge(): Badge | null {
  const badge = scanned(location.hash);
  if (/^#b=/.test(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  return badge;
}

function start(): void {
  const root = document.getElementById("app");
  if (!root) return;
  let asked = false;
  const model: Model = new Model(() => {
    if (asked) return;
    asked = true;
    Promise.resolve().then(() => {
      asked = false;
      paint();
    });
  });
  const paint = () => {
    document.title = model.state ? sessionIn(model.state.session, currentLanguage()).title : "Folkmoot";
    const shell = link ? <main class="page"><PairLink link={link} close={() => { link = ""; paint(); }} /></main> : <Shell model={model} />;
    render(<Guard>{shell}</Guard>, root);
  };
  root.textContent = "";
  let link = isPairLink(location.hash) ? location.href : "";
  if (link) history.replaceState(null, "", location.pathname + location.search);
  const found = /^\/j\/(\d{6})\/?$/.exec(location.pathname);
  const code = (found && found[1]) || "";
  void model.start(code, takeBadge());
  // A second badge of the session changes no more of the address than what stands behind its #.
  window.addEventListener("hashchange", () => {
    const badge = takeBadge();
    if (badge) void model.scan(code, badge);
  });
}

start();
