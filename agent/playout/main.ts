import { Socket } from 'node:net'
import { createFfmpegDecoder } from '../../drivers/decoder/ffmpeg-decoder.ts'
import { openWallOffset } from '../../drivers/native/realtime.ts'
import { giveBackStartPages } from '../../drivers/native/start-pages.ts'
import { fillMs, loadPcmInput, openAmplifier, openPcmOutput, prepareOutput } from '../../drivers/registry.ts'
import type { PlayoutReport } from '../ports/playout.ts'
import { PING_LOST_MS, type PlayoutAnswerMessage, type PlayoutOrderMessage } from '../wire/playout.ts'
import { Engine } from './engine.ts'
import { Hearing } from './hearing.ts'
import { MediaPipe } from './media-pipe.ts'
import { MediaSource } from './media-source.ts'
import { rehearse } from './rehearsal.ts'
import { GeneratedSource } from './source.ts'
import { StreamSource } from './stream-source.ts'

/** The duplex pipe over which bytes of media are read from the agent. */
const MEDIA_FD = 4
const PING_LOST_LOOKS = 8
const START_IS_OVER_MS = 15_000
const CLOSE_FADE_MS = 300
const LOST_FADE_MS = 100
const EXIT = { fine: 0, orphaned: 3, misused: 2 } as const

type Configure = Extract<PlayoutOrderMessage, { readonly do: 'configure' }>
type EngineOrder = Exclude<PlayoutOrderMessage, { readonly do: 'configure' | 'ping' | 'close' }>

const say = (message: PlayoutAnswerMessage<PlayoutReport>): void => {
  if (process.connected) process.send?.(message)
}

const nowNs = (): number => Number(process.hrtime.bigint())

const openHearing = async ({
  capture,
  channels,
  bufferMs,
}: Configure['audio']): Promise<Hearing | undefined> =>
  capture &&
  new Hearing({
    open: await loadPcmInput(capture),
    channels,
    bufferMs,
    nowNs,
    onState: (ok, message) => say({ say: 'report', report: { kind: 'capture', ok, message } }),
  })

const compose = async ({ audio, amplifiers }: Configure): Promise<Engine> => {
  const bytes = new MediaPipe(new Socket({ fd: MEDIA_FD }))
  const decoder = createFfmpegDecoder()
  const hearing = await openHearing(audio)
  return new Engine({
    channels: audio.channels,
    bufferMs: fillMs(audio),
    trimMs: (audio.latencyMs ?? 0) - (audio.acousticDelayMs ?? 0),
    ...(audio.filter === undefined ? {} : { filter: audio.filter }),
    amplifiers,
    openPcm: () => openPcmOutput(audio),
    ...(hearing === undefined ? {} : { hearing }),
    openAmplifier,
    openSource: (segment, fromFrame) => {
      if (segment.kind === 'media') return new MediaSource(segment, fromFrame, audio.channels, decoder, bytes)
      if (segment.kind === 'stream')
        return new StreamSource(segment, fromFrame, audio.channels, decoder, bytes)
      return new GeneratedSource(segment, fromFrame, audio.channels)
    },
    nowNs,
    wallOffsetMs: openWallOffset(),
    report: (report) => say({ say: 'report', report }),
  })
}

/** What each order does, by its name. */
const APPLY: {
  readonly [K in EngineOrder['do']]: (to: Engine, order: Extract<EngineOrder, { readonly do: K }>) => void
} = {
  schedule: (to, { order }) => to.schedule(order),
  cut: (to, { clip, fadeMs }) => to.cut(clip, fadeMs),
  gain: (to, { clip, gainDb, rampMs }) => to.setGain(clip, gainDb, rampMs),
  mute: (to, { on }) => to.mute(on),
  amplifier: (to, { id, on, seconds }) => to.amplifier(id, on, seconds),
  warm: (to, { seconds }) => to.warm(seconds),
  feed: (to, { id, on }) => to.feed(id, on),
}
const apply = <K extends EngineOrder['do']>(
  to: Engine,
  order: Extract<EngineOrder, { readonly do: K }>,
): void => APPLY[order.do](to, order)

let engine: Engine | undefined
/** How often in a row nothing was heard of the agent: looks, not time, for a machine that stood still lost no agent. */
let unheard = 0
/** False until the agent has turned once: its start may hold it up for long, and nothing was ordered yet. */
let isHeard = false
let leaving = false

/** Relays open whatever happens on the way out. */
const leave = async (fadeMs: number, code: number): Promise<void> => {
  if (leaving) return
  leaving = true
  try {
    await engine?.stop(fadeMs)
  } finally {
    process.exit(code)
  }
}

const receive = async (message: PlayoutOrderMessage): Promise<void> => {
  unheard = 0
  if (message.do !== 'configure') isHeard = true
  if (message.do === 'ping') say({ say: 'pong', n: message.n })
  else if (message.do === 'close') await leave(CLOSE_FADE_MS, EXIT.fine)
  else if (message.do === 'configure') {
    engine = await compose(message)
    await engine.start(message.muted)
    say({ say: 'ready' })
    await prepareOutput(message.audio)
    const { channels, filter } = message.audio
    await rehearse({
      channels,
      bufferMs: fillMs(message.audio),
      filter,
      nowNs,
      wallOffsetMs: openWallOffset(),
    })
    setTimeout(giveBackStartPages, START_IS_OVER_MS).unref()
  } else if (engine !== undefined) apply(engine, message)
}

/** A fault of this process: open the relays without delay, and let the agent start a new one. */
const fail = (fault: unknown): void => {
  process.stderr.write(
    `playout: ${fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)}\n`,
  )
  void leave(0, EXIT.misused)
}

if (process.send === undefined) {
  process.stderr.write('playout is started by the agent\n')
  process.exit(EXIT.misused)
}
process.on('message', (message: PlayoutOrderMessage) => {
  receive(message).catch(fail)
})
process.on('disconnect', () => void leave(LOST_FADE_MS, EXIT.orphaned))
// A terminal or systemd may signal the whole group: the agent decides when playout ends.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
// When the agent is gone nobody reads it: a fault that cannot be told must not become the next one, for ever.
process.stderr.on('error', () => undefined)
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
setInterval(() => {
  if (isHeard) unheard += 1
  if (unheard > PING_LOST_LOOKS) void leave(LOST_FADE_MS, EXIT.orphaned)
}, PING_LOST_MS / PING_LOST_LOOKS)
