import { ReasonCode } from "@mqtt-meet/mqtt";

const FAILURE = 0x80;

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ReasonCode)
    .filter(([, code]) => code >= FAILURE)
    .map(([name, code]) => [code, name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)]),
);

/** What a log calls a reason code of MQTT 5, for example `keep-alive-timeout`. */
export function reasonName(code: number): string {
  return NAMES.get(code) ?? `code-${code}`;
}
