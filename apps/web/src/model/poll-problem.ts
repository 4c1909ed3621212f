/** What a poll lacks before it can be asked; `answers` without the empty ones. Undefined when it lacks nothing. */
export function pollProblem(question: string, answers: readonly string[]): "noQuestion" | "fewAnswers" | undefined {
  if (question.trim() === "") return "noQuestion";
  return answers.length < 2 || new Set(answers).size < answers.length ? "fewAnswers" : undefined;
}
