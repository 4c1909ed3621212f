import type { Poll } from "@mqtt-meet/sdk";
import { useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { classes } from "../components/classes.ts";
import type { Meeting } from "../room/meeting.ts";
import { PollForm } from "./poll-form.tsx";
import css from "./polls-panel.module.css";

/** What was asked, newest first, and where one asks. */
export function PollsPanel({ meeting }: { readonly meeting: Meeting }) {
  const { polls: text } = useText();
  const polls = meeting.room.polls.value;
  return (
    <>
      <div class={css["list"]}>
        {polls.length === 0 && <p class={css["empty"]}>{text.empty}</p>}
        {polls.toReversed().map((poll) => (
          <PollCard key={poll.id} poll={poll} meeting={meeting} />
        ))}
      </div>
      <PollForm onAsk={(question, answers) => meeting.room.ask(question, answers)} />
    </>
  );
}

function PollCard({ poll, meeting: { room } }: { poll: Poll; meeting: Meeting }) {
  const { polls: text, common } = useText();
  const total = poll.options.reduce((sum, { votes }) => sum + votes, 0);
  const most = Math.max(...poll.options.map(({ votes }) => votes));
  // What was closed in the meantime shows itself so.
  const vote = (choice: number) => void room.vote(poll.id, choice).catch(() => undefined);
  return (
    <fieldset class={css["poll"]} disabled={poll.closed}>
      <legend class={css["question"]} dir="auto">
        {poll.question}
      </legend>
      <p class={css["asker"]}>
        {poll.own ? common.you : poll.name} · {poll.closed ? text.closed(total) : text.votes(total)}
      </p>
      {poll.options.map(({ text: answer, votes }, choice) => (
        <label
          key={answer}
          class={classes(css["answer"], poll.closed && votes === most && votes > 0 && css["winner"])}
          style={{ "--part": total === 0 ? 0 : votes / total }}
        >
          <input
            type="radio"
            name={poll.id}
            checked={poll.ownChoice === choice}
            onChange={() => vote(choice)}
            aria-label={`${answer}: ${text.votes(votes)}`}
          />
          <span class={css["words"]} dir="auto">
            {answer}
          </span>
          <span class={css["count"]}>{votes}</span>
        </label>
      ))}
      {poll.own && !poll.closed && (
        <Button tone="quiet" onClick={() => void room.closePoll(poll.id).catch(() => undefined)}>
          {text.close}
        </Button>
      )}
    </fieldset>
  );
}
