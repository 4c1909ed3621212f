import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { Broker, type Grant, LOCAL_GRANT, listenTcp } from "@mqtt-meet/broker";
import { describe, expect, test } from "vitest";
import { EXCEPTIONS, MAX_EXCEPTIONS } from "./exceptions.ts";
import { conformanceFolder, packetCasesFolder, readPacketCases } from "./packet-cases.ts";
import { packetBytes } from "./packet-text.ts";
import { runPacketCase } from "./run-packet-case.ts";
import { meansTheSame } from "./same-meaning.ts";

const SUITE = "T-CONF: the packet cases of mosquitto against the embedded broker over TCP";

/** No topic rules, but those that every broker has. */
const OPEN_GRANT: Grant = {
  ...LOCAL_GRANT,
  identity: "anybody",
  mayPublish: (topic) => !/^\$(SYS|share|CONTROL)\//.test(topic),
  maySubscribe: () => true,
  mayReceive: () => true,
};

/** What the cases take for granted. */
const LIMITS = { topicAliasMaximum: 10, maxPacketBytes: 2_000_000, receiveMaximum: 20 };

test("the words of a packet become the bytes that they stand for", () => {
  const text = "10 r200 v1 i7 s4 'MQTT' k60 m1234 H20 L65536 0B01 r268435456";
  expect(Buffer.from(packetBytes(text)).toString("hex")).toBe(
    "10c8010107" + "00044d515454" + "003c04d20014" + "00010000" + "0b01" + "8080808001",
  );
  expect(() => packetBytes("10 zz")).toThrow(TypeError);
});

test("another error reason means the same, success and another packet id do not", () => {
  const same = (one: string, other: string) => meansTheSame(packetBytes(one), packetBytes(other), 5);
  expect(same("E0 01 81", "E0 01 82")).toBe(true);
  expect(same("E0 01 00", "E0 01 82")).toBe(false);
  expect(same("20 03 00 00 00", "20 03 00 87 00")).toBe(false);
  expect(same("20 03 01 00 00", "20 03 00 00 00")).toBe(false);
  expect(same("40 03 m1 10", "40 02 m1")).toBe(true);
  expect(same("40 03 m1 87", "40 02 m1")).toBe(false);
  expect(same("40 03 m2 10", "40 02 m1")).toBe(false);
  expect(same("62 03 m1 92", "62 02 m1")).toBe(true);
});

const folder = packetCasesFolder();
const isRequired = process.env["MQTT_MEET_REQUIRE_ALL"] === "1";
if (folder !== undefined) describe(SUITE, () => suite(folder));
else if (isRequired && existsSync(dirname(conformanceFolder))) {
  test(SUITE, () => expect.fail(`The cases are not in ${conformanceFolder}.`));
} else if (isRequired) console.log(`Skipped, for the data is not on this machine: ${SUITE}.`);
else test.skip(`${SUITE} (the data is not on this machine)`, () => undefined);

function suite(path: string): void {
  test("all hold in the sense of the standard, but the written exceptions", async () => {
    const cases = readPacketCases(path);
    using broker = new Broker({ authenticate: () => OPEN_GRANT, limits: LIMITS });
    await using listener = await listenTcp(broker, { host: "127.0.0.1", port: 0 });
    const counts = { exact: 0, held: 0, failed: 0 };
    const failures = new Map<string, string>();
    for (const packetCase of cases) {
      const verdict = await runPacketCase(listener.port, packetCase);
      counts[verdict.outcome]++;
      if (verdict.outcome === "failed") failures.set(packetCase.id, verdict.because);
    }
    console.log(
      `${cases.length} packet cases: ${counts.exact} byte for byte, ${counts.held} held in the sense of the standard, ` +
        `${counts.failed} failed; ${EXCEPTIONS.length} written exceptions.`,
    );
    const excepted = new Set(EXCEPTIONS.map(({ id }) => id));
    expect([...failures].filter(([id]) => !excepted.has(id))).toEqual([]);
    expect([...excepted].filter((id) => !failures.has(id))).toEqual([]);
    expect(excepted.size).toBeLessThanOrEqual(MAX_EXCEPTIONS * cases.length);
    expect(broker.statistics.internalErrors).toBe(0);
  });
}
