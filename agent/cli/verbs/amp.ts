import { askAgent } from '../../adapters/control/client.ts'
import type { LineReport } from '../../core/status.ts'
import { type Call, numberOption, print, printJson, usage, type Verb } from '../call.ts'
import { controlSocket } from '../socket.ts'

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/

const wordsOf = ({ words, say }: Call): { readonly on: boolean; readonly id: string } => {
  const [order, id] = words
  if ((order !== 'on' && order !== 'off') || id === undefined || !ID.test(id) || words.length > 2) {
    throw usage(say.usage.ampWhat)
  }
  return { on: order === 'on', id }
}

const lineOf = ({ say }: Call, line: LineReport): string =>
  say.amp.line(say.lines[line.state], line.loadPercent)

const learn: Verb = async (call) => {
  const [, id] = call.words
  if (id === undefined || !ID.test(id) || call.words.length > 2 || call.options.seconds !== undefined)
    throw usage(call.say.usage.ampWhat)
  const report = await askAgent(await controlSocket(call), 'learn-line', { id })
  if (call.json) printJson(call, report)
  else print(call, [`${id}: ${lineOf(call, report)}`, call.say.amp.learnHow])
  return 0
}

const unmute: Verb = async (call) => {
  const { say } = call
  if (call.words.length > 1 || call.options.seconds !== undefined) throw usage(say.usage.ampWhat)
  const report = await askAgent(await controlSocket(call), 'unmute', {})
  if (call.json) printJson(call, report)
  else print(call, [report.muted ? say.amp.unmuted : say.amp.notMuted])
  return 0
}

/** `loa amp on|off ID [--seconds N]`, `loa amp learn ID`, `loa amp unmute`. */
export const amp: Verb = async (call) => {
  if (call.words[0] === 'unmute') return unmute(call)
  if (call.words[0] === 'learn') return learn(call)
  const order = wordsOf(call)
  const seconds = numberOption(call, 'seconds', { min: 1, max: 14_400 })
  const args = seconds === undefined ? order : { ...order, seconds }
  const report = await askAgent(await controlSocket(call), 'amplifier', args)
  if (call.json) printJson(call, report)
  else {
    const { say } = call
    const span = report.seconds === undefined ? '' : ` ${say.amp.forSeconds(report.seconds)}`
    print(call, [
      `${say.amp.state(report.id, say.relays[report.state])}${span}`,
      ...(report.line === undefined ? [] : [lineOf(call, report.line)]),
    ])
  }
  return report.state === 'stuck' ? 1 : 0
}
