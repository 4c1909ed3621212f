/** What the capture times inside a codec tell: how many there are. */
export class PendingTimes {
  #times: number[] = [];

  get count(): number {
    return this.#times.length;
  }

  /** A picture captured at `timestampUs` goes in. */
  begin(timestampUs: number): void {
    this.#times.push(timestampUs);
  }

  /** The picture captured at `timestampUs` came out. Those before it were left out by the codec. */
  end(timestampUs: number): void {
    this.#times = this.#times.filter((time) => time > timestampUs);
  }
}
