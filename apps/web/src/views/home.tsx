import { useSignal } from "@preact/signals";
import { ArrowRight, Cctv, Dices, Video } from "lucide";
import { useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Button, IconButton } from "../components/button.tsx";
import { Diagram } from "../components/diagram.tsx";
import { Icon } from "../components/icon.tsx";
import { Jointed } from "../components/wordmark.tsx";
import { agoText } from "../language/duration-text.ts";
import { type LinkProblem, readLink, startLink } from "../model/read-link.ts";
import { newRoomName } from "../model/room-name.ts";
import { makeHostKey } from "../room/host-keys.ts";
import css from "./home.module.css";
import { KeptRecordings } from "./kept-recordings.tsx";
import { Page } from "./page.tsx";

/** Where a meeting is started or joined. */
export function Home() {
  const { home } = useText();
  const field = useRef<HTMLInputElement>(null);
  const hint = useSignal<string | undefined>(undefined);
  const askForLink = (name: string) => {
    hint.value = home.pasteLinkOf(name);
    field.current?.focus();
  };
  return (
    <Page>
      <div class={css["top"]}>
        <div>
          <h1 class={css["sentence"]}>{home.sentence}</h1>
          <StartMeeting />
          <JoinByLink field={field} hint={hint.value} />
          <WatchCamera />
          <Recent onChoose={askForLink} />
          <KeptRecordings />
        </div>
        <Diagram />
      </div>
      <section class={css["points"]} aria-label={home.different}>
        {home.points.map(([title, sentence]) => (
          <div key={title}>
            <h2>{title}</h2>
            <p>{sentence}</p>
          </div>
        ))}
      </section>
    </Page>
  );
}

function StartMeeting() {
  const { router } = useApp();
  const { home, link } = useText();
  const name = useSignal(newRoomName());
  const problem = useSignal<LinkProblem | undefined>(undefined);
  const start = async (passphrase: boolean) => {
    const host = passphrase ? undefined : (await makeHostKey())?.fingerprint;
    const started = startLink(router.site, { name: name.value, query: location.search, passphrase, host });
    if (started.ok) router.open(started.text);
    else problem.value = started.problem;
  };
  return (
    <>
      <div class={css["start"]}>
        <Button tone="accent" large icon={Video} onClick={() => void start(false)}>
          {home.start}
        </Button>
        <div class={css["room"]}>
          <p>
            <span class={css["roomLabel"]}>{home.roomName}</span>
            <br />
            <output class={css["roomName"]}>
              <Jointed name={name.value} />
            </output>
          </p>
          <IconButton
            icon={Dices}
            label={home.anotherName}
            onClick={() => {
              name.value = newRoomName();
            }}
          />
        </div>
        {problem.value && (
          <p class={css["problem"]} role="alert">
            {link[problem.value]}
          </p>
        )}
      </div>
      <button type="button" class={css["quiet"]} onClick={() => void start(true)}>
        {home.startWithPassphrase}
      </button>
    </>
  );
}

function JoinByLink({ field, hint }: { field: { current: HTMLInputElement | null }; hint: string | undefined }) {
  const { router } = useApp();
  const { home, link } = useText();
  const problem = useSignal<LinkProblem | undefined>(undefined);
  const submit = (event: Event) => {
    event.preventDefault();
    const read = readLink(field.current?.value ?? "", router.site);
    if (read.ok) {
      router.open(read.text);
      return;
    }
    if (read.problem === "topic") {
      router.openCameras(field.current?.value ?? "");
      return;
    }
    problem.value = read.problem;
    field.current?.focus();
  };
  return (
    <form class={css["join"]} noValidate onSubmit={submit}>
      <label class={css["label"]} for="link">
        {home.joinLabel}
      </label>
      <div class={css["field"]}>
        <input
          id="link"
          ref={field}
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          placeholder={hint ?? home.joinPlaceholder}
          aria-invalid={problem.value !== undefined}
          aria-describedby="link-problem"
          onInput={() => {
            problem.value = undefined;
          }}
        />
        <Button submit icon={ArrowRight}>
          {home.join}
        </Button>
      </div>
      <p id="link-problem" class={css["problem"]} role="status">
        {problem.value && link[problem.value]}
      </p>
    </form>
  );
}

function WatchCamera() {
  const { router } = useApp();
  const { home } = useText();
  return (
    <button type="button" class={css["quiet"]} onClick={() => router.openCameras("")}>
      <Icon node={Cctv} size={16} />
      {home.watchCamera}
    </button>
  );
}

function Recent({ onChoose }: { onChoose: (name: string) => void }) {
  const { recent, locale, nowMs } = useApp();
  const { home } = useText();
  const entries = recent.entries.value;
  if (entries.length === 0) return null;
  return (
    <section class={css["recent"]}>
      <div class={css["recentHead"]}>
        <h2>{home.recent}</h2>
        <button type="button" class={css["forget"]} onClick={() => recent.forget()}>
          {home.forget}
        </button>
      </div>
      <ul>
        {entries.slice(0, 3).map(({ name, atMs }) => (
          <li key={name}>
            <button type="button" class={css["recentItem"]} onClick={() => onChoose(name)}>
              <Jointed name={name} />
              <span class={css["when"]}>{agoText(atMs, { nowMs: nowMs(), locale: locale.value })}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class={css["hint"]}>{home.recentHint}</p>
    </section>
  );
}
