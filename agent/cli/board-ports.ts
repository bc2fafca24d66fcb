import { basename } from 'node:path'
import { isPassing } from '../adapters/system/device-names.ts'
import { fail, ok, type Told, warn } from '../core/doctor/told.ts'
import type { MachineFacts } from './machine.ts'
import type { Messages } from './messages/messages.ts'

const passing = (id: string, port: string, { names }: MachineFacts, { wiring }: Messages): Told => {
  const better = names.lasting(port)
  const next = better === undefined ? wiring.portPassingNoName : wiring.portPassingNext(better)
  return warn([wiring.portPassing(id, port), next])
}

/** A serial port: there, called by a name that stays, and not the console of the kernel. */
export const portChecks = (
  id: string,
  port: string,
  machine: MachineFacts,
  say: Messages,
): readonly Told[] => {
  const { board, wiring } = say
  if (!machine.exists(port)) return [fail([board.portMissing(id, port), board.portMissingNext], 'SIGN')]
  const console = machine.consoles.find((name) => name === basename(machine.names.real(port) ?? port))
  if (console !== undefined)
    return [fail([wiring.portConsole(id, port, console), wiring.portConsoleNext(console)], 'SIGN')]
  return isPassing(port) ? [passing(id, port, machine, say)] : [ok(board.portOk(id, port))]
}
