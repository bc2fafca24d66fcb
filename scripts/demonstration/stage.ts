import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { followAgent } from '../../agent/adapters/control/client.ts'
import { LoaError } from '../../agent/core/error.ts'
import type { PlaybackRecord } from '../../agent/core/records.ts'
import type { StatusReport } from '../../agent/core/status.ts'
import { openProvince, type Province } from '../source-system/province.ts'
import { createWaiters, type Waiters } from '../source-system/waiters.ts'
import { type AgentProcess, startAgentProcess, untilReady } from './agent-process.ts'
import { AREA, chooseSound, DEVICE, type Sound, writeDeviceFiles } from './device-files.ts'
import { createDeviceNews } from './device-news.ts'
import type { DemoFolder } from './folder.ts'
import type { Screen } from './screen.ts'
import { dotsOf } from './sign-picture.ts'
import { followTrace, type Trace, type TraceEvent } from './trace.ts'

/** Province and device, running, with everything that happens told on the screen. */
export type Stage = AsyncDisposable & {
  readonly province: Province
  readonly agent: AgentProcess
  readonly trace: Trace
  readonly sound: Sound
  readonly latest: { readonly status: StatusReport | undefined }
  readonly untilStatus: Waiters<unknown>['until']
}

const traceLine = (event: TraceEvent): string => {
  if (event.kind === 'relay')
    return event.on ? `${event.id} closed: amplifier ON` : `${event.id} open: amplifier off`
  return event.text === '' ? `${event.id} dark again` : `${event.id} shows "${event.text}"`
}

const recordLine = (record: PlaybackRecord): string => {
  const error = record.startErrorMs === undefined ? '' : `, started ${record.startErrorMs} ms off`
  const reason = record.reason === undefined ? '' : ` ${record.reason}`
  return `record ${record.n}: ${record.item} ${record.result}${reason}, ${record.playedSeconds ?? 0} s${error}`
}

const openTheProvince = async (folder: DemoFolder, screen: Screen): Promise<Province> => {
  const news = createDeviceNews()
  const province = await openProvince({
    directory: folder.province,
    area: DEVICE.province,
    communes: [AREA],
    onRequest: ({ method, path, status, range }) =>
      screen.tell('province', `served ${method} ${path.slice(0, 16)}… ${range ?? ''} ${status}`),
    onBatch: ({ topic, inserted, ack }) => {
      for (const { n } of inserted) {
        const record = province.records.ledger.playback(DEVICE.id).find((each) => each.n === n)
        if (topic === 'event') screen.tell('record', `event ${n} received`)
        else if (record !== undefined) screen.tell('record', recordLine(record))
      }
      screen.tell('province', `acknowledged records up to ${ack?.upTo ?? 0}`)
    },
    onRefused: (topic, error) => screen.tell('province', `refused a batch on ${topic}: ${error.message}`),
    onChange: ({ device }) => {
      for (const line of news(province.monitor.bodies(device) ?? {})) screen.tell('agent', line)
    },
  })
  return province
}

/** Starts all of it; resolves when the agent answers. */
export const openStage = async (
  folder: DemoFolder,
  screen: Screen,
  asked: Sound['driver'] | undefined,
): Promise<Stage> => {
  await using stack = new AsyncDisposableStack()
  const province = stack.use(await openTheProvince(folder, screen))
  screen.tell('province', `broker ${province.brokerUrl}, content server ${province.content.origin}`)
  screen.tell(
    'province',
    `keys made, trust document published: it grants ${province.keys.trust.keys.length} keys`,
  )

  const sound = chooseSound(asked)
  const { brokerUrl, protocol, content, keys } = province
  await writeDeviceFiles(folder, {
    sound,
    brokerUrl,
    protocol,
    contentOrigin: content.origin,
    roots: keys.roots,
  })
  let sign = ''
  const latest: { status: StatusReport | undefined } = { status: undefined }
  const waiters = createWaiters<unknown>(latest)
  const trace = stack.use(
    followTrace(join(folder.state, 'trace.jsonl'), (event) => {
      if (event.kind === 'sign') sign = event.text
      screen.tell(event.kind, traceLine(event))
      screen.show(latest.status, sign)
      if (event.kind === 'sign' && event.text !== '') screen.picture(dotsOf(readFileSync(event.png)))
    }),
  )
  const agent = stack.use(await startAgentProcess(folder))
  screen.tell('agent', `started as process ${agent.pid}, board virtual, ${soundLine(sound)}`)
  await untilReady(folder, agent)

  const stop = new AbortController()
  const following = follow(folder, stop.signal, (status) => {
    latest.status = status
    screen.show(status, sign)
    waiters.check()
  })
  stack.defer(async () => {
    stop.abort()
    waiters.end()
    await following
  })
  const owned = stack.move()
  return {
    province,
    agent,
    trace,
    sound,
    latest,
    untilStatus: waiters.until,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The same that `loa status --watch` shows; ends with the agent. */
const follow = async (
  folder: DemoFolder,
  signal: AbortSignal,
  onStatus: (status: StatusReport) => void,
): Promise<void> => {
  try {
    for await (const status of followAgent(folder.socket, 'status', {}, { signal })) onStatus(status)
  } catch (error) {
    // An agent that ends may break off in the middle of a line; how it ended, its process says.
    if (!(error instanceof LoaError)) throw error
  }
}

const soundLine = (sound: Sound): string =>
  sound.driver === 'alsa' ? `sound on the ALSA device ${sound.device}` : 'sound into a WAV file'
