import { askAgent, followAgent } from '../../adapters/control/client.ts'
import { LoaError } from '../../core/error.ts'
import { atMostWords, type Call, print, printJson, printJsonLine, type Verb } from '../call.ts'
import { controlSocket } from '../socket.ts'
import { statusLines } from '../views/status-lines.ts'

const SHOWN = { next: 5, rejected: 3, wrapped: true }

/** Without a screen to draw on: each report after the other. */
const printReports = async (call: Call, socket: string): Promise<void> => {
  const { signal } = call.io
  for await (const report of followAgent(socket, 'status', {}, { signal })) {
    if (call.json) printJsonLine(call, report)
    else print(call, [...statusLines(call, report, SHOWN), ''])
  }
  if (!signal.aborted) throw new LoaError('NOT_RUNNING', call.say.status.lost, { path: socket })
}

/** `loa status [--watch]`. */
export const status: Verb = async (call) => {
  atMostWords(call, 0)
  const socket = await controlSocket(call)
  if (call.options.watch !== true) {
    const report = await askAgent(socket, 'status', {})
    if (call.json) printJson(call, report)
    else print(call, statusLines(call, report, SHOWN))
    return 0
  }
  if (call.io.terminal && !call.json) {
    const { watchStatus } = await import('../views/watch.ts')
    await watchStatus(call, socket)
  } else await printReports(call, socket)
  return 0
}
