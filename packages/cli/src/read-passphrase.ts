import { passphraseWeakness } from "@mqtt-meet/protocol";
import type { CommandIo } from "./command-io.ts";
import type { InputLines } from "./input-lines.ts";
import { UsageError } from "./usage-error.ts";

/** Where a passphrase may come from without asking: no list of processes shows it there. */
const VARIABLE = "MQTT_MEET_PASSPHRASE";
const [INTERRUPT, END, BACKSPACE, DELETE] = ["\u0003", "\u0004", "\b", "\u007f"] as const;
const ENDS: readonly string[] = ["\r", "\n", INTERRUPT, END];

/**
 * The words of a meeting with a passphrase: from the environment, from the next line of standard input, or typed on the
 * terminal, where they are not shown. Rejects with a UsageError when they can be guessed.
 */
export async function readPassphrase(io: CommandIo, options: { readonly lines: InputLines }): Promise<string> {
  const passphrase = io.env[VARIABLE] ?? (await askFor(io, options.lines));
  const weakness = passphraseWeakness(passphrase);
  if (weakness !== undefined) throw new UsageError(weakness);
  return passphrase;
}

async function askFor(io: CommandIo, lines: InputLines): Promise<string> {
  if (io.stdin.isTTY !== true) return lines.next("passphrase");
  io.stderr.write("Passphrase of the meeting: ");
  io.stdin.setRawMode(true);
  try {
    return await typed(io.stdin);
  } finally {
    io.stdin.setRawMode(false);
    io.stdin.pause();
    io.stderr.write("\n");
  }
}

/** What is typed up to Enter. Nothing is echoed: the terminal is in raw mode. */
async function typed(stdin: NodeJS.ReadStream): Promise<string> {
  let text = "";
  stdin.setEncoding("utf8");
  for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
    const keys = [...String(chunk)];
    const end = keys.findIndex((key) => ENDS.includes(key));
    text = keys.slice(0, end < 0 ? keys.length : end).reduce(typeKey, text);
    if (keys[end] === INTERRUPT || keys[end] === END) break;
    if (end >= 0) return text;
  }
  throw new UsageError("No passphrase was typed.");
}

function typeKey(text: string, key: string): string {
  return key === BACKSPACE || key === DELETE ? [...text].slice(0, -1).join("") : text + key;
}
