import { type Header, pinOfLine } from '../core/board/header.ts'
import { chipCalled, type LineSurvey } from '../core/board/lines.ts'
import { powerOnLevel } from '../core/board/power-on.ts'
import type { AmplifierConfig } from '../core/configuration.ts'
import { fail, ok, type Told, warn } from '../core/doctor/told.ts'
import type { MachineFacts } from './machine.ts'
import type { WiringWords } from './messages/wiring-words.ts'

type Wired = Extract<AmplifierConfig, { readonly driver: 'gpiochip' }>

const DEFAULT_FILE = '/boot/firmware/config.txt'

const byFirmware = ({ configTxt }: MachineFacts, { id, line, activeLow }: Wired, say: WiringWords): Told => {
  const off = activeLow ? 'high' : 'low'
  const text = `gpio=${line}=op,${activeLow ? 'dh' : 'dl'}`
  const level = configTxt === undefined ? undefined : powerOnLevel(configTxt.text, line)
  if (level === off) return ok(say.powerOnOk(id, text))
  const next = say.powerOnUnsetNext(text, configTxt?.path ?? DEFAULT_FILE)
  return level === 'high' || level === 'low'
    ? fail([say.powerOnWrong(id, say[level]), next])
    : warn([say.powerOnUnset(id), next])
}

/**
 * Whether the relay stays open from power-on until the agent holds its line. Boards with opto-couplers close on low, and an
 * input that floats is low enough for many of them.
 */
export const powerOnChecks = (
  header: Header | undefined,
  machine: MachineFacts,
  survey: LineSurvey,
  relay: Wired,
  say: WiringWords,
): readonly Told[] => {
  const chip = chipCalled(survey, relay.chip)?.label ?? relay.chip
  const pin = header && pinOfLine(header, { chip, line: relay.line })
  if (header === undefined || pin === undefined) return []
  if (header.atPowerOn === 'firmware') return [byFirmware(machine, relay, say)]
  return relay.activeLow ? [warn([say.floats(relay.id), say.floatsNext(say.pin(pin.number))])] : []
}
