/** How much an operator has to care, from nothing at all to at once. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a {@link LogEntry} says in particular. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * Something that whoever runs the server may want to know. Nothing secret is in it: no password, token, link, name or
 * topic. Of a client it has the address, and the id when it was let in.
 */
export interface LogEntry {
  readonly level: LogLevel;
  /** What it is, for programs: kebab-case. docs/operating.md lists them. */
  readonly event: string;
  /** The same as a sentence. */
  readonly message: string;
  readonly fields?: LogFields | undefined;
}

/** Takes an entry. Neither throws nor waits. */
export type Log = (entry: LogEntry) => void;
