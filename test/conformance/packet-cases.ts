import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../support/project-root.ts";
import { packetBytes } from "./packet-text.ts";

/** The client sends these bytes, or these are what has to come next. */
export interface BytesStep {
  readonly type: "send" | "recv";
  readonly bytes: Uint8Array;
}

/** A second client publishes. */
export interface OtherPublishStep {
  readonly type: "external_publish";
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly payload: string;
}

/** One thing that happens in a case. */
export type Step = BytesStep | OtherPublishStep;

/** What one connection says to a server, and what it has to be answered. */
export interface PacketCase {
  /** File, group, name and, where that occurs again, its number: unique. */
  readonly id: string;
  readonly level: 3 | 4 | 5;
  /** Whether the connection begins with an ordinary CONNECT, which is no step. */
  readonly connects: boolean;
  /** Whether the server has to have closed the connection in the end. */
  readonly closes: boolean;
  readonly steps: readonly Step[];
}

interface CaseSettings {
  readonly ver?: 3 | 4 | 5;
  readonly connect?: boolean;
  readonly expect_disconnect?: boolean;
}

interface WrittenStep {
  readonly type: string;
  readonly payload: string;
  readonly topic?: string;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
}

interface WrittenCase extends CaseSettings {
  readonly name: string;
  readonly msgs: readonly WrittenStep[];
}

interface WrittenGroup extends CaseSettings {
  readonly group: string;
  readonly disable?: boolean;
  readonly tests: readonly WrittenCase[];
}

/** Where third-party test data lies: beside the project, unless MQTT_MEET_CONFORMANCE names another folder. */
export const conformanceFolder =
  process.env["MQTT_MEET_CONFORMANCE"] ?? join(projectRoot, "..", "shared", "conformance");

/** The folder of the packet cases, or undefined where it is absent. */
export function packetCasesFolder(): string | undefined {
  const folder = join(conformanceFolder, "mosquitto-packets");
  return existsSync(folder) ? folder : undefined;
}

/** All cases in their order, in which some are the second half of the one before. */
export function readPacketCases(folder: string): readonly PacketCase[] {
  const seen = new Map<string, number>();
  const numbered = (name: string) => {
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return number === 1 ? name : `${name} #${number}`;
  };
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.sort().flatMap((file) =>
    readGroups(join(folder, file)).flatMap((group) =>
      group.tests.map((written) => {
        const id = numbered(`${basename(file, ".json")} / ${group.group} / ${written.name}`);
        return packetCase(id, group, written);
      }),
    ),
  );
}

function readGroups(path: string): readonly WrittenGroup[] {
  const groups = JSON.parse(readFileSync(path, "utf8")) as readonly WrittenGroup[];
  return groups.filter(({ disable }) => disable !== true);
}

function packetCase(id: string, group: WrittenGroup, written: WrittenCase): PacketCase {
  return {
    id,
    level: written.ver ?? group.ver ?? 4,
    connects: written.connect ?? group.connect ?? true,
    closes: written.expect_disconnect ?? group.expect_disconnect ?? true,
    steps: written.msgs.map(step),
  };
}

function step({ type, payload, topic = "", qos = 0, retain = false }: WrittenStep): Step {
  if (type === "external_publish") return { type, topic, qos, retain, payload };
  if (type === "send" || type === "recv") return { type, bytes: packetBytes(payload) };
  throw new TypeError(`"${type}" is no step of a case.`);
}
