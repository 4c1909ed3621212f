import { type ClearHeader, deriveBaseKey, frameMetadata, streamMetadata } from "@mqtt-meet/protocol";
import { ReplayWindow } from "./replay-window.ts";
import { deriveSframeKey, openSframe, type SframeKey, type SframeSuite, sealSframe } from "./sframe-cipher.ts";
import { parseSframeHeader } from "./sframe-header.ts";

/** Nothing is sealed with a counter from here on. What AES-GCM permits with one key is more. */
export const MAX_CTR = 2 ** 31;

/** Whose keys, and for what (docs/protocol.md, E2). */
export interface ContextOptions {
  /** The secret of an epoch, or the root key. */
  readonly secret: Uint8Array;
  readonly scope: "epoch" | "root";
  readonly kid: number;
  readonly sid: Uint8Array;
  readonly stream: string;
  readonly suite: SframeSuite;
}

/** What a {@link SealContext} needs. */
export interface SealContextOptions extends ContextOptions {
  /** The first counter that is not used: {@link MAX_CTR}, but for tests. */
  readonly maxCtr: number;
}

/** Seals one stream of ours under one secret. It alone counts what was sealed with its key. */
export class SealContext {
  readonly #maxCtr: number;
  readonly #metadata: Uint8Array;
  readonly #key: Promise<SframeKey>;
  #next = 0;

  constructor(options: SealContextOptions) {
    this.#maxCtr = options.maxCtr;
    this.#metadata = streamMetadata(options.sid, options.stream);
    this.#key = keyOf(options, "encrypt");
    this.#key.catch(() => undefined); // whoever seals hears of it
  }

  /** How often the key was used, or the counter given last plus one. */
  get nextCtr(): number {
    return this.#next;
  }

  /** Half of what the key is good for is used: another had better be made. */
  get isWorn(): boolean {
    return this.#next >= this.#maxCtr / 2;
  }

  /** Undefined when the key has been used up, or when `ctr` was given and is not above all before it. */
  seal(
    header: ClearHeader,
    plaintext: Uint8Array,
    options: { readonly ctr?: number } = {},
  ): Promise<Uint8Array<ArrayBuffer>> | undefined {
    const { ctr = this.#next } = options;
    if (ctr < this.#next || (options.ctr === undefined && ctr >= this.#maxCtr)) return undefined;
    this.#next = ctr + 1;
    const metadata = frameMetadata(this.#metadata, header);
    return this.#key.then((key) => sealSframe(key, { ctr: BigInt(ctr), metadata, plaintext }));
  }
}

/** Opens one stream of somebody under one secret, and remembers what it has opened. */
export class OpenContext {
  readonly #metadata: Uint8Array;
  readonly #key: Promise<SframeKey>;
  readonly #window = new ReplayWindow();
  #highest = -1;

  constructor(options: ContextOptions) {
    this.#metadata = streamMetadata(options.sid, options.stream);
    this.#key = keyOf(options, "decrypt");
    this.#key.catch(() => undefined);
  }

  /** Undefined when it is not authentic. What is opened may be a replay: see {@link accept}. */
  async open(header: ClearHeader, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const metadata = frameMetadata(this.#metadata, header);
    return openSframe(await this.#key, { sealed, metadata });
  }

  /**
   * Whether this, which was opened, is new. "ordered": not unless it is above all before it, for what comes in order;
   * "window": not unless it never came, for what may overtake.
   */
  accept(sealed: Uint8Array, order: "ordered" | "window"): boolean {
    const ctr = Number(parseSframeHeader(sealed)?.ctr ?? -1n);
    if (ctr < 0 || !Number.isSafeInteger(ctr)) return false;
    if (order === "window") return this.#window.accept(ctr);
    if (ctr <= this.#highest) return false;
    this.#highest = ctr;
    return true;
  }
}

async function keyOf(options: ContextOptions, use: "encrypt" | "decrypt"): Promise<SframeKey> {
  const { secret, scope, sid, stream, kid, suite } = options;
  return deriveSframeKey(await deriveBaseKey(secret, { scope, sid, stream }), { kid: BigInt(kid), use, suite });
}
