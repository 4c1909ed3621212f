/** @jsxImportSource preact */
import type { NetworkCheck } from "@mqtt-meet/sdk/browser";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import { ViewFixture } from "../dev/view-fixture.tsx";
import { type CheckNetwork, NetworkCheckPanel } from "./network-check-panel.tsx";

const views = new ViewFixture();
beforeEach(() => views.open());
afterEach(() => views.close());

const LINK = "https://meet.example/r/amber-otter-bay#1.x";
const narrow: NetworkCheck = {
  ...{ roundTripMs: 140.4, jitterMs: 12.6, upBps: 310_000, downBps: 6.1e6 },
  forecast: { sending: "smaller", receiving: "full", talking: "delayed" },
};

test("NetworkCheckPanel measures when asked, says what to expect, and what was measured", async () => {
  const asked: string[] = [];
  let answer: (check: NetworkCheck) => void = () => undefined;
  const check: CheckNetwork = (link) => {
    asked.push(link);
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  views.show(<NetworkCheckPanel link={LINK} check={check} />);
  const button = page.getByRole("button", { name: "Check the network" });
  await button.click();
  await expect.element(button).toBeDisabled();
  await expect.element(page.getByRole("status")).toHaveTextContent("Measuring");
  answer(narrow);
  await expect.element(page.getByRole("status")).toHaveTextContent("The others will see you, in a smaller picture.");
  const said = page.getByRole("status").element().textContent;
  expect(said).toContain("You will see the others sharply. Answers will come with a noticeable delay.");
  expect(said).toContain("140 ms, ± 13 ms · Outward: at least 0.31 Mbit/s · Inward: at least 6.1 Mbit/s");
  expect(asked).toEqual([LINK]);
});

test("NetworkCheckPanel says when nothing answers, leaves out what was not measured, and stops when it goes", async () => {
  let fails = true;
  let signal: AbortSignal | undefined;
  const check: CheckNetwork = async (_link, options) => {
    signal = options.signal;
    if (fails) throw new Error("no");
    return { ...narrow, upBps: null, forecast: { ...narrow.forecast, sending: "unknown" } };
  };
  views.show(<NetworkCheckPanel link={LINK} check={check} />);
  const button = page.getByRole("button", { name: "Check the network" });
  await button.click();
  await expect.element(page.getByRole("status")).toHaveTextContent("does not answer");
  fails = false;
  await button.click();
  await expect.element(page.getByRole("status")).toHaveTextContent("You will see the others sharply.");
  expect(page.getByRole("status").element().textContent).not.toContain("Outward");
  views.show(null);
  await expect.poll(() => signal?.aborted).toBe(true);
});
