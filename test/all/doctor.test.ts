import { expect, test } from "vitest";
import { mqttMeet } from "../support/program.ts";
import { describeWith } from "../support/requirements.ts";
import { startMosquitto } from "../support/start-mosquitto.ts";
import { startServer } from "../support/start-server.ts";

const WITHIN = { withinMs: 60_000 };

async function examined(...args: string[]) {
  await using program = mqttMeet(["doctor", ...args]);
  const { code } = await program.end(WITHIN);
  return { code, text: program.stdout, errors: program.stderr };
}

test("doctor finds nothing to change about the embedded broker", async () => {
  await using server = await startServer();
  const { code, text, errors } = await examined(`ws://localhost:${server.port}/mqtt`, "--json");
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  const report = JSON.parse(text);
  expect(report).toMatchObject({
    ...{ mqtt5: true, mqtt311: true, carriesMeetings: true, qos1: true, retained: "wildcard", forgeable: false },
    limits: { maximumQos: 1, maximumPacketBytes: 1024 * 1024 },
    slowSubscriber: { disconnected: false },
    advice: [],
  });
  expect(report.largestPacketBytes).toBeGreaterThan(1_000_000);
  expect(report.slowSubscriber.staleMb).toBeLessThan(report.slowSubscriber.sentMb * 0.85);
});

describeWith(["mosquitto"], "doctor and mosquitto", () => {
  test("it says what mosquitto is, does, and should be told", async () => {
    await using mosquitto = await startMosquitto();
    const { code, text } = await examined(`mqtt://127.0.0.1:${mosquitto.port}`);
    expect(code, text).toBe(0);
    expect(text).toMatch(/^broker +mqtt:\/\/127\.0\.0\.1:\d+ \(mosquitto version \d/m);
    expect(text).toMatch(/^MQTT +3\.1\.1 and 5$/m);
    expect(text).toMatch(/^retained +come to wildcards$/m);
    expect(text).toMatch(/^slow subscriber +gets \d+\.\d of \d+\.\d MB late/m);
    expect(text).toContain("max_queued_messages 100");
    expect(text).toContain("Members can speak as one another");
  });

  test("it does not show the password, and says in one sentence who is not let in", async () => {
    await using mosquitto = await startMosquitto({ user: { name: "me", password: "pa55word" } });
    const place = `127.0.0.1:${mosquitto.port}`;
    const { code, text } = await examined(`mqtt://me:pa55word@${place}`, "--json");
    expect(code, text).toBe(0);
    expect(text).not.toContain("pa55word");
    const refused = await examined(`mqtt://me:wr0ng@${place}`);
    expect(refused).toMatchObject({ code: 1, text: "" });
    expect(refused.errors.trim().split("\n").at(-1)).toMatch(/^mqtt-meet: The broker cannot be examined: .*\.$/);
    expect(refused.errors).not.toContain("wr0ng");
  });
});
