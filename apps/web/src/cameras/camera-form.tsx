import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useText } from "../app-context.ts";
import { AddressForm } from "../components/address-form.tsx";
import type { Dictionary } from "../language/en.ts";
import css from "./camera-form.module.css";
import { type AddProblem, type CameraList, MOST_CAMERAS } from "./camera-list.ts";

/** Where a camera's address is typed, and the account where its broker wants one. */
export function CameraForm(props: {
  readonly list: CameraList;
  /** What stands in the field at first. */
  readonly address: string;
  /** The broker asked for an account. */
  readonly needsAccount: boolean;
  readonly onAdded: () => void;
}) {
  const { list, onAdded } = props;
  const { cameras: text } = useText();
  const address = useRef<HTMLInputElement>(null);
  const username = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const withAccount = useSignal(props.needsAccount);
  const problem = useSignal<AddProblem | undefined>(undefined);
  useEffect(() => (props.needsAccount ? username : address).current?.focus(), []);
  const submit = (typed: string) => {
    const account = { username: username.current?.value ?? "", password: password.current?.value ?? "" };
    problem.value = list.add(typed, account.username === "" ? undefined : account);
    if (problem.value === undefined) onAdded();
    else address.current?.focus();
  };
  return (
    <AddressForm
      id="camera-address"
      field={address}
      label={text.label}
      action={text.watch}
      placeholder={text.placeholder}
      address={props.address}
      problem={problem.value && sentence(problem.value, text)}
      onEdit={() => {
        problem.value = undefined;
      }}
      onSubmit={submit}
    >
      {withAccount.value ? (
        <Account username={username} password={password} />
      ) : (
        <button
          type="button"
          class={css["quiet"]}
          onClick={() => {
            withAccount.value = true;
          }}
        >
          {text.useAccount}
        </button>
      )}
    </AddressForm>
  );
}

type Field = { readonly current: HTMLInputElement | null };

/** No browser keeps or completes what is typed here. */
function Account({ username, password }: { readonly username: Field; readonly password: Field }) {
  const { cameras: text } = useText();
  return (
    <fieldset class={css["account"]} aria-describedby="camera-account-hint">
      <legend class="only-for-readers">{text.useAccount}</legend>
      <label>
        {text.username}
        <input ref={username} type="text" autoComplete="off" autoCapitalize="off" spellcheck={false} />
      </label>
      <label>
        {text.password}
        <input ref={password} type="password" autoComplete="off" />
      </label>
      <p id="camera-account-hint">{text.accountHint}</p>
    </fieldset>
  );
}

function sentence(problem: AddProblem, text: Dictionary["cameras"]): string {
  if (problem === "too-many") return text.tooMany(MOST_CAMERAS);
  return problem === "already" ? text.already : text.problems[problem];
}
