import { spawnSync } from "node:child_process";
import { Connection } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { mqttMeet } from "../support/program.ts";
import { describeWith } from "../support/requirements.ts";
import { LINK_PATTERN } from "../support/start-server.ts";

/** Everything that Prometheus' own tool has against a text. */
function complaints(text: string): string {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
  return status === 0 ? `${stdout}${stderr}` : `${stdout}${stderr}\nexit status ${status}`;
}

describeWith(["promtool"], "the numbers of a server and promtool", () => {
  test("promtool finds nothing wrong with a scrape of a server in use, and does with a broken one", async () => {
    const [port, mqttPort, metricsPort] = [await freePort(), await freePort(), await freePort()].map(String);
    const ports = ["--port", port, "--mqtt-port", mqttPort, "--metrics-port", metricsPort] as string[];
    await using server = mqttMeet(["serve", ...ports]);
    await server.says(LINK_PATTERN);
    const client = new Connection({ dial: dialUrl(`mqtt://127.0.0.1:${mqttPort}`), clientId: "counted" });
    await client.publish("a/b", new Uint8Array(3), { qos: 1 });
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    await client.close();
    expect(text).toMatch(/^mqtt_meet_messages_total\{direction="in"\} [1-9]/m);
    expect(complaints(text)).toBe("");
    expect(complaints(text.replace(/^# TYPE mqtt_meet_rooms .*\n/m, "# TYPE mqtt_meet_rooms nonsense\n"))).not.toBe("");
  });
});
