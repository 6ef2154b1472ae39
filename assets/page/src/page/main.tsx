// The participants' page: starts the model and draws it.
import { Component, render } from "preact";
import type { ComponentChildren } from "preact";
import { sessionIn } from "../hub/said";
import { currentLanguage, t } from "../words/words";
import { Model } from "./model";
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
    render(<Guard><Shell model={model} /></Guard>, root);
  };
  root.textContent = "";
  const code = /^\/j\/(\d{6})\/?$/.exec(location.pathname);
  void model.start((code && code[1]) || "");
}

start();
