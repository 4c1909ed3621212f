import type { MeetingLink } from "@mqtt-meet/sdk";
import { type ReadonlySignal, signal } from "@preact/signals";
import { splitAddress } from "./model/frame-options.ts";
import { type LinkProblem, readLink } from "./model/read-link.ts";

/** What the address asks for. */
export type Route =
  | { readonly view: "home" }
  /** Camera topics, first of all the one at `address` when it is not empty. */
  | { readonly view: "cameras"; readonly address: string }
  | { readonly view: "room"; readonly link: MeetingLink; readonly text: string }
  | { readonly view: "bad-link"; readonly problem: LinkProblem };

/** What camera is watched does not stand in the page's address, for it may have an account. */
const CAMERAS = "#cameras";

/** What `href` asks for. */
export function readRoute(href: string): Route {
  const address = splitAddress(href).link;
  const url = new URL(address);
  if (!/\/r\/[^/]+\/?$/.test(url.pathname)) {
    return url.hash === CAMERAS ? { view: "cameras", address: "" } : { view: "home" };
  }
  const read = readLink(address, siteOf(address));
  if (read.ok) return { view: "room", link: read.link, text: read.text };
  return { view: "bad-link", problem: read.problem };
}

/** The site that `href` belongs to: its origin and the path before `/r/`, without a slash at the end. */
export function siteOf(href: string): string {
  const url = new URL(href);
  const path = url.pathname.replace(/\/r\/[^/]*\/?$/, "/").replace(/\/[^/]*$/, "");
  return url.origin + path;
}

/** The page's address as a signal. */
export class Router {
  readonly #route;
  readonly route: ReadonlySignal<Route>;
  readonly site: string;

  constructor() {
    this.#route = signal(readRoute(location.href));
    this.route = this.#route;
    this.site = siteOf(location.href);
    addEventListener("popstate", () => this.#read());
    addEventListener("hashchange", () => this.#read());
  }

  /** Goes to an address; one of another site leaves this page. */
  open(address: string): void {
    if (siteOf(address) !== this.site) {
      location.assign(address);
      return;
    }
    history.pushState(null, "", address);
    this.#read();
  }

  /** Goes to the cameras; `address`, which may be empty, is not kept. */
  openCameras(address: string): void {
    this.open(`${this.site}/${CAMERAS}`);
    this.#route.value = { view: "cameras", address };
  }

  openHome(): void {
    this.open(`${this.site}/`);
  }

  #read(): void {
    this.#route.value = readRoute(location.href);
  }
}
