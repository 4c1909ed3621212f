import { useSignal } from "@preact/signals";
import { Cctv, Dices, Video } from "lucide";
import { useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { AddressForm } from "../components/address-form.tsx";
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
  const submit = (address: string) => {
    const read = readLink(address, router.site);
    if (read.ok) {
      router.open(read.text);
      return;
    }
    if (read.problem === "topic") {
      router.openCameras(address);
      return;
    }
    problem.value = read.problem;
    field.current?.focus();
  };
  return (
    <div class={css["join"]}>
      <AddressForm
        id="link"
        field={field}
        label={home.joinLabel}
        action={home.join}
        placeholder={hint ?? home.joinPlaceholder}
        problem={problem.value && link[problem.value]}
        onEdit={() => {
          problem.value = undefined;
        }}
        onSubmit={submit}
      />
    </div>
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
