const STEP_MS = 300;
const LONGEST_MS = 7_000;
const SPREAD_MS = 1_000;
/** Others have lost the same server, but whoever is on its way to the next one has been spread already. */
const NEXT_ADDRESS_SPREAD_MS = 250;

/** What is done after a failure. */
export interface RetryStep {
  readonly delayMs: number;
  /** Every address has had its turn. */
  readonly isRoundOver: boolean;
}

/**
 * Which address of a server is dialled next, and when. Addresses have their turns in their order; after the last comes
 * the first. Within a round the next is dialled almost at once; between rounds the wait grows.
 */
export class RetryPlan {
  readonly #addresses: number;
  #address = 0;
  #failures = 0;

  /** `addresses`: how many there are, at least one. */
  constructor(addresses: number) {
    this.#addresses = addresses;
  }

  /** The index of the address whose turn it is. */
  get address(): number {
    return this.#address;
  }

  /** The connection that was lost had been a good one. */
  forget(): void {
    this.#failures = 0;
  }

  /**
   * Dialling failed, or a connection was lost (`wasOpen`): the turn passes on. `random` is from 0 to 1, so that the clients of a
   * server that is gone do not all come to another at once.
   */
  failed({ wasOpen, random }: { readonly wasOpen: boolean; readonly random: number }): RetryStep {
    this.#failures++;
    this.#address = (this.#address + 1) % this.#addresses;
    const isRoundOver = this.#failures % this.#addresses === 0;
    if (isRoundOver) return { isRoundOver, delayMs: betweenRoundsMs(this.#failures / this.#addresses, random) };
    return { isRoundOver, delayMs: random * (wasOpen ? SPREAD_MS : NEXT_ADDRESS_SPREAD_MS) };
  }
}

/** 0, 0.3, 1.2, 2.7, 4.8, 7 s and up to one second at random. */
function betweenRoundsMs(rounds: number, random: number): number {
  const growth = Math.max(0, rounds - 1);
  return Math.min(STEP_MS * growth * growth, LONGEST_MS) + random * SPREAD_MS;
}
