/** What is undone at the end, the newest first. */
export class CleanUps implements AsyncDisposable {
  readonly #undo: (() => unknown)[] = [];

  defer(undo: () => unknown): void {
    this.#undo.push(undo);
  }

  /** Takes something over that can be disposed of. */
  use<T extends Disposable | AsyncDisposable>(owned: T): T {
    this.defer(() => (Symbol.asyncDispose in owned ? owned[Symbol.asyncDispose]() : owned[Symbol.dispose]()));
    return owned;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }
}
