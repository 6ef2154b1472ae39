// The wall: what the room looks at. It follows the hub and shows no name.
import { render } from "preact";
import { Client } from "../hub/client";
import { Link, onReturn } from "../hub/link";
import type { WallState } from "../hub/types";
import { isLanguage, setLanguage } from "../words/words";
import { chooseLanguages, Reading, Wall } from "./wall";

class Follower {
  state: WallState | null = null;
  reach = true;
  offset = 0;
  wished: Reading | null = wishedAtStart();
  private client = new Client();

  constructor(private draw: () => void) {}

  start(): void {
    const link = new Link(this.client, "/wall/live", "", {
      event: (data) => this.take(data as WallState),
      poll: () => this.fetch(),
      reach: (here) => {
        this.reach = here;
        this.draw();
      },
      unknown: () => Promise.resolve(false),
      lost: () => Promise.resolve(),
    });
    link.start();
    onReturn(() => link.kick());
    void this.fetch();
    window.addEventListener("keydown", (event) => this.press(event));
  }

  private async fetch(): Promise<boolean> {
    const reply = await this.client.get<WallState>("/wall?since=" + (this.state ? this.state.version : 0));
    if (reply.status === 200 && reply.body) this.take(reply.body);
    return reply.status === 200;
  }

  private take(told: WallState & { unchanged?: boolean }): void {
    this.offset = told.now - Date.now();
    if (told.unchanged || told.mode === undefined) return;
    this.state = told;
    const [language] = chooseLanguages(told, this.wished);
    if (isLanguage(language)) setLanguage(language);
    document.title = told.title;
    this.draw();
  }

  // L goes through the languages and both, F fills the screen.
  private press(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "l" || event.key === "L") {
      const order: Reading[] = ["zh-Hant", "en", "both"];
      const now = this.wished || (this.state && isLanguage(this.state.language) ? this.state.language : "zh-Hant");
      this.wished = order[(order.indexOf(now) + 1) % order.length] as Reading;
      if (this.state) this.take(this.state);
    }
    if ((event.key === "f" || event.key === "F") && document.documentElement.requestFullscreen) {
      document.documentElement.requestFullscreen().catch(() => undefined);
    }
  }
}

function wishedAtStart(): Reading | null {
  const found = /[?&]lang=(zh-Hant|en|both)\b/.exec(location.search);
  return found ? (found[1] as Reading) : null;
}

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  const follower: Follower = new Follower(() => render(<Wall state={follower.state} reach={follower.reach} wished={follower.wished} offset={follower.offset} />, root));
  follower.start();
}
