import { ArrowRight } from "lucide";
import type { ComponentChildren } from "preact";
import css from "./address-form.module.css";
import { Button } from "./button.tsx";

/** A place for an address, the button that goes there, and what is wrong with it. */
export interface AddressFormProps {
  /** The field's; what is wrong has the same with "-problem" behind it. */
  readonly id: string;
  readonly field: { current: HTMLInputElement | null };
  readonly label: string;
  readonly action: string;
  readonly placeholder: string;
  /** What stands in the field at first. */
  readonly address?: string;
  /** A sentence. */
  readonly problem: string | undefined;
  /** Something was typed: what was wrong may be right now. */
  readonly onEdit: () => void;
  /** Called with what is in the field. */
  readonly onSubmit: (address: string) => void;
  /** Below the field. */
  readonly children?: ComponentChildren;
}

export function AddressForm(props: AddressFormProps) {
  const { id, field, problem, onEdit, onSubmit } = props;
  return (
    <form
      class={css["form"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(field.current?.value ?? "");
      }}
    >
      <label class={css["label"]} for={id}>
        {props.label}
      </label>
      <div class={css["field"]}>
        <input
          id={id}
          ref={field}
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellcheck={false}
          defaultValue={props.address ?? ""}
          placeholder={props.placeholder}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-problem`}
          onInput={onEdit}
        />
        <Button submit icon={ArrowRight}>
          {props.action}
        </Button>
      </div>
      <p id={`${id}-problem`} class={css["problem"]} role="status">
        {problem}
      </p>
      {props.children}
    </form>
  );
}
