import { expect, test } from "vitest";
import { networkForecast } from "./network-forecast.ts";

const good = { roundTripMs: 20, jitterMs: 2, upBps: 3e6, downBps: 6e6 };

test("a good network promises everything, and what was not measured is not promised", () => {
  expect(networkForecast(good)).toEqual({ sending: "full", receiving: "full", talking: "easy" });
  const listener = networkForecast({ ...good, upBps: null, downBps: null });
  expect(listener).toEqual({ sending: "unknown", receiving: "unknown", talking: "easy" });
});

test("each way has its own forecast", () => {
  const sending = [1.5e6, 1.4e6, 2e5, 1e5, 4e4, 1e4].map((upBps) => networkForecast({ ...good, upBps }).sending);
  expect(sending).toEqual(["full", "smaller", "smaller", "sound", "sound", "none"]);
  expect(networkForecast({ ...good, downBps: 3e5 })).toMatchObject({ sending: "full", receiving: "smaller" });
});

test("talking is as easy as the delay from mouth to ear lets it be, jitter included", () => {
  const talking = (roundTripMs: number, jitterMs: number) =>
    networkForecast({ ...good, roundTripMs, jitterMs }).talking;
  expect(talking(60, 5)).toBe("easy");
  expect(talking(60, 20)).toBe("delayed");
  expect(talking(300, 10)).toBe("delayed");
  expect(talking(330, 10)).toBe("hard");
});
