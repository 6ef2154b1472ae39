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
  /** The digits that were typed here were not the session's. */
  wrong = false;
  private code = codeInAddress();
  /** The session that took the digits. */
  private session = "";
  private client = new Client();
  private link: Link | null = null;

  constructor(private draw: () => void) {}

  start(): void {
    this.follow();
    onReturn(() => this.link && this.link.kick());
    window.addEventListener("keydown", (event) => this.press(event));
    window.addEventListener("hashchange", () => this.enter(codeInAddress()));
  }

  /** Only who knows the digits is told how to join. */
  enter(code: string): void {
    if (code === this.code || code.length !== 6) return;
    this.code = code;
    this.session = "";
    this.wrong = false;
    this.follow();
  }

  private follow(): void {
    if (this.link) this.link.stop();
    const code = this.code;
    const link = new Link(this.client, "/wall/live", code, {
      event: (data) => this.take(data as WallState, code),
      poll: () => this.fetch(code),
      reach: (here) => {
        this.reach = here;
        this.draw();
      },
      unknown: () => Promise.resolve("away"),
      lost: () => Promise.resolve(false),
    });
    this.link = link;
    link.start();
    void this.fetch(code);
  }

  private async fetch(code: string): Promise<boolean> {
    const reply = await this.client.get<WallState>("/wall", code);
    if (reply.status === 200 && reply.body) this.take(reply.body, code);
    return reply.status === 200;
  }

  /** Takes what was told to a wall that asked with these digits; an answer to others is no word on today's. */
  private take(told: WallState, code: string): void {
    if (told.mode === undefined || code !== this.code) return;
    this.offset = told.now - Date.now();
    this.state = told;
    if (told.join.code !== "") {
      this.wrong = false;
      this.session = told.session;
    } else if (code !== "" && (this.session === "" || this.session === told.session)) {
      // Asking again and again with the wrong digits would look like guessing. Another
      // session's hub, there for a moment perhaps, does not make them wrong.
      this.code = this.session = "";
      this.wrong = true;
      this.follow();
    }
    this.show(told);
  }

  private show(state: WallState): void {
    const [language] = chooseLanguages(state, this.wished);
    if (isLanguage(language)) setLanguage(language);
    document.title = state.title;
    this.draw();
  }

  // L goes through the languages and both, F fills the screen.
  private press(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "l" || event.key === "L") {
      const order: Reading[] = ["zh-Hant", "en", "both"];
      const now = this.wished || (this.state && isLanguage(this.state.language) ? this.state.language : "zh-Hant");
      this.wished = order[(order.indexOf(now) + 1) % order.length] as Reading;
      if (this.state) this.show(this.state);
    }
    if ((event.key === "f" || event.key === "F") && document.documentElement.requestFullscreen) {
      document.documentElement.requestFullscreen().catch(() => undefined);
    }
  }
}

function codeInAddress(): string {
  const found = /^#(\d{6})$/.exec(location.hash);
  return found ? (found[1] as string) : "";
}

function wishedAtStart(): Reading | null {
  const found = /[?&]lang=(zh-Hant|en|both)\b/.exec(location.search);
  return found ? (found[1] as Reading) : null;
}

const root = document.getElementById("app");
if (root) {
  root.textContent = "";
  const follower: Follower = new Follower(() => render(<Wall state={follower.state} reach={follower.reach} wished={follower.wished} offset={follower.offset} wrong={follower.wrong} enter={(code) => follower.enter(code)} />, root));
  follower.start();
}
