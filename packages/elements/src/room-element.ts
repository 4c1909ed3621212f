import { ElementFace } from "./element-face.ts";
import { type ElementState, tellState } from "./element-state.ts";
import { type RoomAddress, roomAddress } from "./room-address.ts";
import { wordsOf } from "./words.ts";

/** What the meeting's page may use, if the page around the element may. */
const ALLOWED = [
  "camera",
  "microphone",
  "display-capture",
  "autoplay",
  "fullscreen",
  "picture-in-picture",
  "screen-wake-lock",
  "speaker-selection",
  "clipboard-write",
  "web-share",
];
const STANDINGS = ["waiting", "locked"] as const;
const STATES: readonly ElementState[] = ["lobby", "joining", "meeting", "left"];

/**
 * `<mqtt-meet-room link="https://site/r/NAME#1.SECRET">`: a whole meeting, as its site's page shows it, in a frame: what it hears and
 * knows stays out of the reach of the page around it, which only gives the link. Attributes: `link`, `name`, `language`
 * ("en", "zh"), `theme` ("light", "dark"), `camera` and `microphone` ("off"), `join` (without the lobby). Event: `mqtt-meet-state`.
 */
export class MeetingRoomElement extends HTMLElement {
  static readonly observedAttributes = ["link", "name", "language", "theme", "camera", "microphone", "join"];
  readonly #face = new ElementFace(this);
  #life: AbortController | undefined;
  #planned = false;

  /** The meeting's link; as the attribute. */
  get link(): string {
    return this.getAttribute("link") ?? "";
  }

  set link(link: string) {
    this.setAttribute("link", link);
  }

  connectedCallback(): void {
    this.#plan();
  }

  attributeChangedCallback(): void {
    this.#plan();
  }

  disconnectedCallback(): void {
    this.#plan();
  }

  /** Once, however many attributes change together. */
  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#begin();
    });
  }

  #begin(): void {
    this.#life?.abort();
    this.#life = new AbortController();
    this.#face.show(undefined);
    this.#face.say("");
    if (!this.isConnected) return;
    const words = wordsOf(this);
    const address = roomAddress(this.link, this.#choices());
    if (address) void this.#open(address, this.#life.signal);
    else if (this.link === "") this.#face.say(words.noLink);
    else this.#fail(words.badLink);
  }

  #choices() {
    const [name, language, theme, camera, microphone] = ["name", "language", "theme", "camera", "microphone"].map(
      (attribute) => this.getAttribute(attribute) ?? undefined,
    );
    return { name, language, theme, camera, microphone, join: this.hasAttribute("join") };
  }

  async #open(address: RoomAddress, signal: AbortSignal): Promise<void> {
    const words = wordsOf(this);
    // A frame that a site refuses stays silent, so the site is asked first.
    const isAllowed = address.namesBroker || (await isReadable(`${address.site}/config.json`, signal));
    if (signal.aborted) return;
    if (!isAllowed) {
      this.#fail(words.refused(address.site, location.origin));
      return;
    }
    const frame = document.createElement("iframe");
    const { origin } = new URL(address.page);
    frame.allow = ALLOWED.map((feature) => `${feature} ${origin}`).join("; ");
    frame.referrerPolicy = "no-referrer";
    frame.title = words.frameTitle(address.room);
    frame.src = address.page;
    const hear = ({ source, origin: from, data }: MessageEvent) => {
      if (source === frame.contentWindow && from === origin) this.#heard(data);
    };
    addEventListener("message", hear, { signal });
    this.#face.show(frame);
  }

  /** `data` is what another page says: checked before it is believed. */
  #heard(data: unknown): void {
    if (typeof data !== "object" || data === null || !("type" in data) || data.type !== "mqtt-meet") return;
    const state = STATES.find((known) => "state" in data && data.state === known);
    const people = "people" in data && typeof data.people === "number" ? data.people : undefined;
    const standing = STANDINGS.find((known) => "standing" in data && data.standing === known);
    if (state) tellState(this, { state, people, ...(standing && { standing }) });
  }

  #fail(sentence: string): void {
    this.#face.say(sentence);
    tellState(this, { state: "failed", sentence });
  }
}

async function isReadable(address: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await fetch(address, { signal, credentials: "omit" })).ok;
  } catch {
    return false;
  }
}
