import type { Log, LogEntry, LogLevel } from "@mqtt-meet/server";
import { Option } from "commander";
import type { CommandIo } from "./command-io.ts";
import { UsageError } from "./usage-error.ts";

/** For people, with the link of a meeting; or for programs, with nothing but lines of JSON and nothing secret. */
export type LogFormat = "text" | "json";

const LOG_FORMATS: readonly LogFormat[] = ["text", "json"];
const LOG_LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** What `serve` was told about its log. */
export interface LogOptions {
  readonly logFormat: LogFormat;
  readonly logLevel?: LogLevel | undefined;
  readonly room?: string | undefined;
  readonly passphrase?: boolean | undefined;
  readonly open?: boolean | undefined;
}

/** The options of the log, for a command. */
export function logOptions(): Option[] {
  return [
    new Option("--log-format <format>", "for people; or lines of JSON for programs, with nothing secret and no meeting")
      .choices(LOG_FORMATS)
      .default("text"),
    new Option(
      "--log-level <level>",
      "what is logged at least (default: info as json; else warn, on standard error)",
    ).choices(LOG_LEVELS),
  ];
}

/** Should one ever get into a field by mistake. */
const SECRETS = ["password", "passphrase", "secret", "token", "authToken", "link", "url.password"];

/** What people read on standard output anyway. */
const TOLD: ReadonlySet<string> = new Set(["certificate-renewed", "certificate-unusable", "port-unavailable"]);

/** Throws UsageError for what makes a link, which belongs into no log. */
export function checkLog({ logFormat, room, passphrase, open }: LogOptions): void {
  if (logFormat !== "json") return;
  const makers = { "--room": room, "--passphrase": passphrase, "--open": open };
  const [wanted] = Object.entries(makers).find(([, value]) => value !== undefined) ?? [];
  if (wanted === undefined) return;
  throw new UsageError(
    `${wanted} is for a meeting of this start, which --log-format json does not make: its link is a secret.`,
  );
}

/** The log of a server: as text beside what people read, on standard error, or as JSON on standard output. */
export async function openLog(
  { logFormat, logLevel }: LogOptions,
  io: Pick<CommandIo, "stdout" | "stderr">,
): Promise<Log> {
  if (logFormat === "json") return jsonLog(logLevel ?? "info", (line) => io.stdout.write(line));
  const least = LOG_LEVELS.indexOf(logLevel ?? "warn");
  return (entry) => {
    const isTold = logLevel === undefined && TOLD.has(entry.event);
    if (LOG_LEVELS.indexOf(entry.level) >= least && !isTold) io.stderr.write(textLine(entry, new Date()));
  };
}

async function jsonLog(level: LogLevel, write: (line: string) => void): Promise<Log> {
  const { pino, stdTimeFunctions } = await import("pino");
  const logger = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS, censor: "[secret]" },
    },
    { write },
  );
  return ({ level: own, event, message, fields }) => logger[own]({ event, ...fields }, message);
}

/** An entry on one line, whatever is in it. */
export function textLine({ level, event, message, fields = {} }: LogEntry, time: Date): string {
  const details = Object.entries(fields).flatMap(([name, value]) => {
    if (value === undefined || SECRETS.includes(name)) return [];
    const text = String(value);
    return [`${name}=${/^[\w.:/+-]+$/.test(text) ? text : JSON.stringify(text)}`];
  });
  const words = [time.toISOString(), level.toUpperCase().padEnd(5), event, message, ...details];
  return `${words.join(" ").replace(/\p{Cc}/gu, " ")}\n`;
}
