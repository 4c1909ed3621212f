import { UsageError } from "./usage-error.ts";

/** Longer than any link; what comes after is a mistake. */
const MAX_LINE_CHARACTERS = 4_096;

/** Standard input line by line. Each ends with the line, not with the stream: a person may type it. */
export class InputLines {
  readonly #stdin: NodeJS.ReadStream;
  #rest = "";

  constructor(stdin: NodeJS.ReadStream) {
    this.#stdin = stdin;
  }

  /** The next line that is not blank, without the space around it. Rejects with a UsageError that there is no `what`. */
  async next(what: string): Promise<string> {
    this.#stdin.setEncoding("utf8");
    let line = this.#take();
    if (line !== undefined) return line;
    for await (const chunk of this.#stdin.iterator({ destroyOnReturn: false })) {
      this.#rest += chunk;
      line = this.#take();
      if (line !== undefined) return line;
      if (this.#rest.length > MAX_LINE_CHARACTERS) break;
    }
    line = this.#rest.trim();
    this.#rest = "";
    if (line === "") throw new UsageError(`No ${what} came on standard input.`);
    return line;
  }

  #take(): string | undefined {
    this.#rest = this.#rest.trimStart();
    const end = this.#rest.search(/[\r\n]/);
    if (end < 0) return undefined;
    const line = this.#rest.slice(0, end).trim();
    this.#rest = this.#rest.slice(end);
    return line;
  }
}
