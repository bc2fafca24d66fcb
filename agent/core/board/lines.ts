/** What the kernel says of a line without giving it away. */
export type LineFact = {
  /** Given by the device tree; empty where it gives none. */
  readonly name: string
  /** Who holds it; empty when nobody does, or nobody that has a name. */
  readonly consumer: string
  /** Held by a program or by the kernel, or its pin serves something else. */
  readonly used: boolean
}

export type ChipFact = { readonly name: string; readonly label: string; readonly lines: readonly LineFact[] }

/** Every GPIO chip of the machine, and those that could not be looked at with the reason. */
export type LineSurvey = {
  readonly chips: readonly ChipFact[]
  readonly unread: readonly { readonly chip: string; readonly reason: string }[]
}

/** The chip of this name or label; an alias in /dev is the same chip twice. */
export const chipCalled = ({ chips }: LineSurvey, nameOrLabel: string): ChipFact | undefined =>
  chips.find(({ name }) => name === nameOrLabel) ?? chips.find(({ label }) => label === nameOrLabel)
