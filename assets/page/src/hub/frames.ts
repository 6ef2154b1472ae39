// Server-sent events as they come through fetch: lines, cut anywhere.

export interface Frame {
  event: string;
  data: string;
}

export class Frames {
  private rest = "";
  private event = "";
  private data: string[] = [];

  /** Takes a piece of text and gives the events that it completes. Comment lines (": beat") are skipped. */
  push(text: string): Frame[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() || "";
    const frames: Frame[] = [];
    for (const line of lines) {
      if (line === "") {
        if (this.data.length > 0) frames.push({ event: this.event || "message", data: this.data.join("\n") });
        this.event = "";
        this.data = [];
      } else {
        this.field(line);
      }
    }
    return frames;
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.event = value;
    if (name === "data") this.data.push(value);
  }
}
