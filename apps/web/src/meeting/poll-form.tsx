import { useSignal } from "@preact/signals";
import { Plus } from "lucide";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { pollProblem } from "../model/poll-problem.ts";
import css from "./polls-panel.module.css";

const MOST_ANSWERS = 10;
const MOST_QUESTION_CHARACTERS = 300;
const MOST_ANSWER_CHARACTERS = 100;
const BLANK = ["", ""];

/** Asks everybody. */
export function PollForm(props: { readonly onAsk: (question: string, answers: readonly string[]) => Promise<void> }) {
  const { polls: text, chat } = useText();
  const question = useSignal("");
  const answers = useSignal<readonly string[]>(BLANK);
  const problem = useSignal("");
  const write = (index: number, answer: string) => {
    answers.value = answers.value.map((before, at) => (at === index ? answer : before));
  };
  const ask = async (event: Event) => {
    event.preventDefault();
    const given = answers.value.map((answer) => answer.trim()).filter((answer) => answer !== "");
    const wrong = pollProblem(question.value, given);
    problem.value = wrong ? text[wrong] : "";
    if (wrong) return;
    try {
      await props.onAsk(question.value, given);
      question.value = "";
      answers.value = BLANK;
    } catch {
      problem.value = chat.failed;
    }
  };
  return (
    <form class={css["form"]} onSubmit={(event) => void ask(event)} noValidate>
      <input
        type="text"
        aria-label={text.question}
        placeholder={text.question}
        maxLength={MOST_QUESTION_CHARACTERS}
        value={question.value}
        onInput={(event) => {
          question.value = event.currentTarget.value;
        }}
      />
      {answers.value.map((answer, index) => (
        <input
          key={index}
          type="text"
          aria-label={text.answer(index + 1)}
          placeholder={text.answer(index + 1)}
          maxLength={MOST_ANSWER_CHARACTERS}
          value={answer}
          onInput={(event) => write(index, event.currentTarget.value)}
        />
      ))}
      <p class={css["problem"]} role="alert">
        {problem.value}
      </p>
      <div class={css["buttons"]}>
        <Button
          tone="quiet"
          icon={Plus}
          disabled={answers.value.length >= MOST_ANSWERS}
          onClick={() => {
            answers.value = [...answers.value, ""];
          }}
        >
          {text.more}
        </Button>
        <Button tone="accent" submit>
          {text.ask}
        </Button>
      </div>
    </form>
  );
}
