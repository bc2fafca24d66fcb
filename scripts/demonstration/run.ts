import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LoaError, messageOf } from '../../agent/core/error.ts'
import { type Ordered, publishNotice, watchNotice } from './broadcast.ts'
import { judge, type Summary } from './evidence.ts'
import { type DemoFolder, prepareFolder } from './folder.ts'
import { keepLines } from './keep-lines.ts'
import type { DemoOptions } from './options.ts'
import type { Screen } from './screen.ts'
import { openStage, type Stage } from './stage.ts'
import { readTape } from './tape.ts'

export type Outside = {
  readonly screen: Screen
  /** Aborted by the signals that end the demo. */
  readonly stop: AbortSignal
  readonly onSummary: (summary: Summary) => void
  /** Lines for the reader, outside of the live view. */
  readonly print: (lines: readonly string[]) => void
}

const untilAborted = (stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stop.aborted) resolve()
    else stop.addEventListener('abort', () => resolve(), { once: true })
  })

/** Settles with the work, or rejects as soon as the person or the agent puts an end to it. */
const unlessEnded = <T>(work: Promise<T>, { agent }: Stage, stop: AbortSignal): Promise<T> =>
  Promise.race([
    work,
    untilAborted(stop).then(() => Promise.reject(new LoaError('STOPPED', 'the demo was stopped'))),
    agent.gone.then((how) => Promise.reject(new LoaError('CRASHED', `the agent ended by itself: ${how}`))),
  ])

/** Ends the agent, so that the tape and the trace are whole. */
const endAgent = async (stage: Stage, screen: Screen, faults: string[]): Promise<void> => {
  const how = await stage.agent.stop()
  screen.tell('agent', `stopped in order: ${how}`)
  if (how !== 'exit 0') faults.push(`the agent did not end in order: ${how}`)
}

const summaryOf = async (
  folder: DemoFolder,
  stage: Stage,
  ordered: Ordered | undefined,
  faults: readonly string[],
): Promise<Summary> => {
  const wav = join(folder.state, 'heard.wav')
  return judge({
    folder: folder.path,
    sound: stage.sound,
    ordered,
    ledger: stage.province.records.ledger,
    trace: stage.trace.events,
    tape: stage.sound.driver === 'wav' && existsSync(wav) ? await readTape(wav) : undefined,
    wav,
    faults,
  })
}

/** The whole show; resolves with what was found when everything is closed again. @throws USAGE for a folder that may not be emptied */
export const runDemo = async (options: DemoOptions, outside: Outside): Promise<Summary> => {
  const { screen, stop, onSummary, print } = outside
  const folder = await prepareFolder(options.directory)
  await using stage = await openStage(folder, screen, options.sound)
  const faults: string[] = []
  let ordered: Ordered | undefined
  try {
    ordered = await unlessEnded(publishNotice(folder, stage, screen), stage, stop)
    await unlessEnded(watchNotice(ordered, stage), stage, stop)
  } catch (error) {
    const cause = error instanceof LoaError && error.cause !== undefined ? ` (${messageOf(error.cause)})` : ''
    faults.push(`${messageOf(error)}${cause}`)
  }
  const stays = options.keep && faults.length === 0
  if (!stays) await endAgent(stage, screen, faults)
  await stage.trace.settle()
  const summary = await summaryOf(folder, stage, ordered, faults)
  onSummary(summary)
  if (stays) {
    print(keepLines(folder, stage.province))
    await unlessEnded(untilAborted(stop), stage, new AbortController().signal)
    await endAgent(stage, screen, faults)
  }
  return faults.length > summary.missing.length ? { ...summary, ok: false, missing: faults } : summary
}
