/** One sample of {@link parseMetrics}, by its name and labels as written. */
export type Samples = ReadonlyMap<string, number>;

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const HELP = new RegExp(`^# HELP (${NAME}) ((?:[^\\\\]|\\\\[\\\\n])*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(`^(${NAME})(\\{(?:${LABEL}(?:,${LABEL})*,?)?\\})? (\\S+)(?: (-?\\d+))?$`);
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN)$/;

/**
 * Reads Prometheus' text format 0.0.4 as strictly as its description is written: every line is a sample or a known
 * comment, all of one metric stand together after one HELP and one TYPE, no labels come twice, no label name begins with two underscores,
 * the last line ends. Throws an Error that quotes the line.
 */
export function parseMetrics(text: string): Samples {
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const reader = new Reader();
  for (const line of text.slice(0, -1).split("\n")) {
    const [, helped] = HELP.exec(line) ?? [];
    const [, typed] = TYPE.exec(line) ?? [];
    if (helped !== undefined) reader.comment(helped, "HELP");
    else if (typed !== undefined) reader.comment(typed, "TYPE");
    else reader.sample(line);
  }
  return reader.samples;
}

class Reader {
  readonly samples = new Map<string, number>();
  readonly #metrics = new Map<string, Set<string>>();
  #current = "";

  comment(name: string, what: "HELP" | "TYPE"): void {
    const told = this.#metrics.get(name) ?? new Set();
    const isOver = this.#metrics.has(name) && this.#current !== name;
    if (isOver || told.has(what) || told.has("sample")) throw new Error(`${what} of ${name} comes too late.`);
    this.#metrics.set(name, told.add(what));
    this.#current = name;
  }

  sample(line: string): void {
    const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    const told = this.#metrics.get(name);
    const isExpected = name === this.#current && told?.has("HELP") && told.has("TYPE");
    if (!isExpected || !NUMBER.test(value) || /[{,]__/.test(labels)) throw new Error(`This is no sample: ${line}`);
    if (this.samples.has(name + labels)) throw new Error(`This comes twice: ${line}`);
    told?.add("sample");
    this.samples.set(name + labels, Number(value.replace("Inf", "Infinity")));
  }
}
