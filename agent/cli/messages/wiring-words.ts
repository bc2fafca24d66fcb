/** What `loa board check` says of wires, ports and cards beyond whether they are there. */
export type WiringWords = {
  readonly lineOk: (id: string, line: string) => string
  readonly lineOwn: (id: string, line: string) => string
  readonly lineBeyond: (id: string, chip: string, line: number, count: number) => string
  readonly lineBeyondNext: string
  readonly lineHeld: (id: string, line: string, holder: string) => string
  readonly lineHeldNext: string
  readonly lineMuxed: (id: string, line: string) => string
  readonly lineMuxedNext: string
  readonly chipNumber: (chip: string) => string
  readonly chipNumberNext: (label: string) => string
  readonly linesUnread: (chip: string, reason: string) => string
  readonly linesUnreadNext: string
  /** `line 17 of pinctrl-bcm2711`, with its name and header pin where they are known. */
  readonly line: (line: number, chip: string) => string
  readonly pin: (pin: number) => string
  readonly notOnHeader: (id: string, line: string) => string
  readonly notOnHeaderNext: string
  readonly pinOfHat: (id: string, line: string) => string
  readonly pinOfBoard: (id: string, line: string) => string
  readonly pinOfBus: (id: string, line: string, bus: string, device: string) => string
  readonly pinTakenNext: string
  readonly pinOfBusNext: string
  readonly powerOnOk: (id: string, text: string) => string
  readonly powerOnUnset: (id: string) => string
  readonly powerOnUnsetNext: (text: string, file: string) => string
  readonly powerOnWrong: (id: string, level: string) => string
  readonly high: string
  readonly low: string
  readonly floats: (id: string) => string
  readonly floatsNext: (pin: string) => string
  readonly cardNumber: (device: string) => string
  readonly cardNumberNext: (better: string) => string
  readonly cardSilent: (card: string) => string
  readonly cardSilentNext: string
  readonly cardDeaf: (card: string) => string
  readonly cardDeafNext: string
  readonly cardsAlike: (card: string, other: string) => string
  readonly cardsAlikeNext: string
  readonly portPassing: (id: string, port: string) => string
  readonly portPassingNext: (better: string) => string
  readonly portPassingNoName: string
  readonly portConsole: (id: string, port: string, console: string) => string
  readonly portConsoleNext: (console: string) => string
  readonly powerTool: string
  readonly powerToolMissing: string
  readonly powerToolNext: string
}

/** What `loa status` says of USB adapters. */
export type AdapterWords = {
  readonly label: string
  readonly there: (name: string) => string
  readonly gone: (name: string) => string
  readonly losses: (count: number) => string
  readonly cycles: (count: number) => string
  readonly better: (name: string) => string
}
