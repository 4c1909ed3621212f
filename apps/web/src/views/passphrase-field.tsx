import { useText } from "../app-context.ts";
import css from "./lobby.module.css";

/** Where the words of a room are typed. They stay in this page: no browser keeps, completes or checks them. */
export function PassphraseField({ words, weak }: { words: { value: string }; weak: { value: boolean } }) {
  const { lobby } = useText();
  return (
    <>
      <label class={css["label"]} for="passphrase">
        {lobby.passphrase}
      </label>
      <input
        id="passphrase"
        class={css["name"]}
        type="text"
        autoComplete="off"
        autoCapitalize="off"
        spellcheck={false}
        value={words.value}
        aria-describedby="passphrase-hint"
        aria-invalid={weak.value}
        onInput={(event) => {
          words.value = event.currentTarget.value;
          weak.value = false;
        }}
      />
      <p id="passphrase-hint" class={weak.value ? css["failure"] : css["room"]} role={weak.value ? "alert" : undefined}>
        {weak.value ? lobby.passphraseWeak : lobby.passphraseHint}
      </p>
    </>
  );
}
