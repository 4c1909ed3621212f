import { every, type SenderPath } from "@mqtt-meet/media";
import { FirstCopies } from "@mqtt-meet/protocol";
import { pathWaitMs } from "../path-wait.ts";
import type { RoomLink } from "../room-link.ts";
import { type DirectionOptions, Lines, leastWaiting } from "./lines.ts";
import { Settling } from "./settling.ts";
import { type LineUse, LOOK_INTERVAL_MS } from "./stall-watch.ts";

/** Ten a second, of two bytes: the answers stand in the same queue as the pictures, and what one lost packet holds up is over in as little. */
const PING_MS = 100;

/** How {@link DownlinkLines} are opened, and what they tell. */
export interface DownlinkLinesOptions extends DirectionOptions {
  /** Everything comes over several connections, and what was late on one of them is over. */
  readonly onSpread: () => void;
}

type OnMessage = (topic: string, payload: Uint8Array) => void;

/** The filters to be subscribed to, and on which connection each. */
type Ways = readonly (readonly [RoomLink, string])[];

/** What is received, and over which connection if there is only one. */
interface Received {
  readonly link: RoomLink;
  readonly filter: string;
  readonly onMessage: (message: { readonly topic: string; readonly payload: Uint8Array }) => void;
  readonly signal: AbortSignal;
  /** Ends what is subscribed to now. */
  current: AbortController;
  /** Changes come one after the other. */
  work: Promise<void>;
}

/**
 * The way down for pictures. Where packets are lost, the pictures that many others need come over two connections, those that few need over
 * two more, and those that none needs over one, and sound over three of its own: what one holds up another brings, and each carries little.
 */
export class DownlinkLines {
  readonly #options: DownlinkLinesOptions;
  #lines: Lines | undefined;
  readonly #received = new Set<Received>();
  #settling = new AbortController();

  constructor(options: DownlinkLinesOptions) {
    this.#options = options;
  }

  /** The connection that there is always, opened when it is first asked for. */
  get first(): RoomLink {
    const onUse = (use: LineUse) => {
      this.#options.sound.follow("down", use);
      this.#changed();
    };
    this.#lines ??= new Lines({ ...this.#options, letters: ["C", "G", "H", "M", "N", "O"], pingMs: PING_MS, onUse });
    return this.#lines.first;
  }

  /** Whether it was asked for. */
  get isOpen(): boolean {
    return this.#lines !== undefined;
  }

  /** Receives each packet once, of `filter` on `link`. Resolves when the broker grants it. */
  async subscribe(
    link: RoomLink,
    { filter, onMessage }: { readonly filter: string; readonly onMessage: OnMessage },
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    const copies = new FirstCopies();
    const received: Received = {
      ...{ link, filter, signal, current: new AbortController(), work: Promise.resolve() },
      onMessage: ({ topic, payload }) => {
        if (copies.isFirst(payload)) onMessage(topic, payload);
      },
    };
    if (signal.aborted) return;
    this.#received.add(received);
    signal.addEventListener("abort", () => this.#forget(received), { once: true });
    const granted = this.#grantedOnce(received, this.#ways(received));
    received.work = granted.catch(() => undefined);
    await granted;
  }

  /** Undefined while nothing is known. */
  path(): SenderPath | undefined {
    if (this.#lines === undefined) return undefined;
    if (this.#lines.use !== "several") return this.#lines.first.path();
    const ways = lanes(this.#lines).map((links) => leastWaiting(links.map((link) => link.path())));
    const [base] = ways;
    return base && { ...base, worstWaitMs: Math.max(...ways.map((way) => (way ? pathWaitMs(way) : 0))) };
  }

  async close(): Promise<void> {
    this.#settling.abort();
    await this.#lines?.close();
  }

  #forget(received: Received): void {
    this.#received.delete(received);
    received.current.abort();
  }

  #changed(): void {
    for (const received of this.#received) {
      const ways = this.#ways(received);
      received.work = received.work.then(() => this.#change(received, ways));
    }
    this.#options.sound.prune().catch(() => undefined);
    this.#settling.abort();
    if (this.#lines?.use === "several") void this.#tellSpread([...this.#received]);
  }

  /** What came late before the line settled says nothing of what comes after it. */
  async #tellSpread(received: readonly Received[]): Promise<void> {
    const settling = new AbortController();
    this.#settling = settling;
    await Promise.all(received.map(({ work }) => work));
    const { nowMs, onSpread } = this.#options;
    const line = new Settling(nowMs());
    const look = () => {
      const state = line.look(this.path()?.worstWaitMs ?? 0, nowMs());
      if (state !== "unsettled") settling.abort();
      if (state === "settled") onSpread();
    };
    every(LOOK_INTERVAL_MS, look, { signal: settling.signal });
  }

  /**
   * What came until now goes on until the broker grants the rest: nothing is missed between the two. What stays on its connection is asked for last,
   * as until then it would come there twice, on a connection that is behind already.
   */
  async #change(received: Received, ways: Ways): Promise<void> {
    if (received.signal.aborted) return;
    const before = received.current;
    received.current = new AbortController();
    const stays = ([link]: Ways[number]) => link === received.link;
    try {
      await this.#grantedOnce(
        received,
        ways.filter((way) => !stays(way)),
      );
      await Promise.all(this.#subscribed(received, ways.filter(stays)));
      before.abort();
    } catch {
      // A broker that refuses the second is left with the first.
      received.current.abort();
      received.current = before;
    }
    if (received.signal.aborted) received.current.abort();
  }

  /** Of what comes over two, one is enough: a broker may let in fewer connections than are asked for. */
  async #grantedOnce(received: Received, ways: Ways): Promise<void> {
    const filters = [...new Set(ways.map(([, filter]) => filter))];
    const carrying = (wanted: string) => ways.filter(([, filter]) => filter === wanted);
    await Promise.all(filters.map((filter) => Promise.any(this.#subscribed(received, carrying(filter)))));
  }

  #subscribed({ onMessage, current }: Received, ways: Ways): readonly Promise<void>[] {
    return ways.map(([link, filter]) => link.subscribe(filter, onMessage, { signal: current.signal }));
  }

  #ways({ link, filter }: Received): Ways {
    const { sound } = this.#options;
    if (link === sound.first) return over(filter, link, ...sound.others("down"));
    if (this.#lines?.use !== "several") return over(filter, link);
    const ofLayers = lanes(this.#lines);
    // The temporal layer is the last level (docs/protocol.md, T4).
    const layers = filter.endsWith("/+") ? ["0", "1", "2"] : filter.slice(-1);
    return [...layers].flatMap((layer) =>
      over(`${filter.slice(0, -1)}${layer}`, ...(ofLayers[Number(layer)] ?? [link])),
    );
  }
}

/** What carries the temporal layers 0, 1 and 2 of pictures where packets are lost. */
function lanes({ first, others }: Lines): readonly (readonly RoomLink[])[] {
  return [[first, ...others.slice(0, 1)], others.slice(3), others.slice(1, 3)];
}

function over(filter: string, ...links: readonly RoomLink[]): Ways {
  return links.map((link) => [link, filter] as const);
}
