import { formatMeetingLink, newMeetingLink, newPassphraseLink } from "@mqtt-meet/sdk/node";
import { createMeetingServer } from "@mqtt-meet/server";
import { expect, test } from "vitest";
import { checkNetwork } from "./check-network.ts";

test("the way to the embedded broker is measured within its rules, also of a room with a passphrase that was not typed yet (A1, A2, A9)", async () => {
  const nowhere = { webRoot: "/nowhere", stateFolder: "/nowhere", version: "test" };
  const server = await createMeetingServer({ host: "127.0.0.1", port: 0, ...nowhere });
  try {
    const [first, second] = await Promise.all([
      checkNetwork(formatMeetingLink(newMeetingLink(server.sites[0], "standup"))),
      checkNetwork(formatMeetingLink(newPassphraseLink(server.sites[0], "standup"))),
    ]);
    for (const { roundTripMs, jitterMs, upBps, downBps, forecast } of [first, second]) {
      for (const figure of [roundTripMs, upBps, downBps]) expect(figure).toBeGreaterThan(0);
      expect(jitterMs).toBeGreaterThanOrEqual(0);
      expect([forecast.sending, forecast.receiving]).not.toContain("unknown");
    }
  } finally {
    await server.close();
  }
});

test("a server that is not there is named as such", async () => {
  const link = formatMeetingLink(newMeetingLink("http://127.0.0.1:1", "standup"));
  await expect(checkNetwork(link)).rejects.toMatchObject({ code: "server-unreachable" });
});
