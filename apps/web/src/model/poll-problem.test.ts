import { expect, test } from "vitest";
import { pollProblem } from "./poll-problem.ts";

test("pollProblem wants a question and two different answers", () => {
  expect(pollProblem(" ", ["a", "b"])).toBe("noQuestion");
  expect(pollProblem("When?", ["a"])).toBe("fewAnswers");
  expect(pollProblem("When?", ["a", "b", "a"])).toBe("fewAnswers");
  expect(pollProblem("When?", ["a", "b"])).toBeUndefined();
});
