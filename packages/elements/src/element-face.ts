const STYLE = `
:host { display: block; position: relative; overflow: hidden; min-block-size: 4rem; aspect-ratio: 16 / 9; background: #14191e; }
:host([hidden]) { display: none; }
iframe, video { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; }
video { object-fit: var(--mqtt-meet-fit, contain); }
p { position: absolute; inset: auto 0 0; margin: 0; padding: .75rem 1rem; font: 14px/1.45 system-ui, "PingFang SC",
  "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #fff; background: rgb(20 25 30 / 75%); text-wrap: pretty; }
p:empty { display: none; }
`;

/** What is seen of an element: one picture or frame, and one line of text over it. Its style is its own and touches no other. */
export class ElementFace {
  readonly #root: ShadowRoot;
  readonly #line = document.createElement("p");

  constructor(host: HTMLElement) {
    this.#root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // policies that forbid style elements permit it
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#line.role = "status";
    this.#root.append(this.#line);
  }

  /** Shows `element` below the line, in the place of what was there. */
  show(element: Element | undefined): void {
    const parts = element === undefined ? [this.#line] : [element, this.#line];
    this.#root.replaceChildren(...parts);
  }

  /** "" for nothing. */
  say(sentence: string): void {
    if (this.#line.textContent !== sentence) this.#line.textContent = sentence;
  }
}
