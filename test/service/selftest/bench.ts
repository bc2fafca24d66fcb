import { createCryptography } from '../../../agent/adapters/crypto/node-cryptography.ts'
import type { EventBody } from '../../../agent/core/records.ts'
import { itemSeconds } from '../../../agent/core/schedule/duration.ts'
import type { SelftestProgress } from '../../../agent/core/selftest/progress.ts'
import type { QuestionKind, SelftestReport, SignedReport } from '../../../agent/core/selftest/report.ts'
import { SOUND_FRAMES } from '../../../agent/core/sound/built-in.ts'
import { type EpochMs, epochMs, isoUtc } from '../../../agent/core/time.ts'
import { createAmplifierSwitch } from '../../../agent/services/amplifier-switch.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { LocalPictures } from '../../../agent/services/local-pictures.ts'
import { LocalPlay } from '../../../agent/services/local-play.ts'
import { LocalSign } from '../../../agent/services/local-sign.ts'
import type { SelftestParts } from '../../../agent/services/selftest/parts.ts'
import { Selftest } from '../../../agent/services/selftest/selftest.ts'
import { settled } from '../../fakes/manual-clock.ts'
import { silentLogger } from '../../fakes/silent-logger.ts'
import { Station } from '../dispatch/station.ts'

/** What is wrong with the device, and who is there. */
export type Circumstances = {
  /** Its contact says so from then on. */
  stuck?: 'open' | 'closed'
  /** It was switched just now and obeys the next order only. */
  resting?: boolean
  /** What the microphone hears of the pilot; there is none when absent. */
  heard?: number | 'nothing'
  muted?: boolean
  quiet?: boolean
  alerts?: readonly { readonly alert: { readonly id: string }; readonly until: EpochMs }[]
  broker?: 'gone' | 'deaf'
  /** Answers of somebody who is there, in the order of the questions; the rest is left unanswered. */
  answers?: Readonly<Partial<Record<QuestionKind, string>>>
}

/** A relay that follows, with a contact that follows it after 50 ms, or does not. */
const openRelay = (station: Station, condition: Condition, now: Circumstances) => {
  const { clock } = station
  const log: boolean[] = []
  const say = (state: 'on' | 'off' | 'stuck'): void =>
    condition.report({
      kind: 'amplifier',
      id: 'main',
      state,
      at: clock.wall(),
      ...(state === 'stuck'
        ? { fault: { code: 'AMPLIFIER_STUCK', message: `main stays ${now.stuck}` } as const }
        : {}),
    })
  return {
    log,
    get closed(): boolean {
      return log.at(-1) === true
    },
    amplifier: (_id: string, on: boolean): void => {
      if ((log.at(-1) ?? false) === on) return
      if (now.resting === true) {
        now.resting = false
        return
      }
      log.push(on)
      say(on ? 'on' : 'off')
      const disagrees = now.stuck === (on ? 'open' : 'closed')
      void clock.sleep(50, new AbortController().signal).then(() => {
        if (disagrees) say('stuck')
      })
    },
  }
}

const localPlayOf = (station: Station, now: Circumstances): SelftestParts['localPlay'] => {
  const local = new LocalPlay({
    play: station.agent.play,
    probe: { measure: async () => ({ seconds: 5, integratedLufs: -20, truePeakDb: -6 }) },
    crypto: createCryptography(),
    clock: station.clock,
    amplifiers: ['main'],
    language: 'vi',
  })
  return {
    run: async function* (args, body, signal) {
      for await (const progress of local.run(args, body, signal))
        yield progress.state === 'ended' && typeof now.heard === 'number'
          ? { ...progress, heard: now.heard }
          : progress
    },
  }
}

/** A station on which commissioning runs are made; `now` may be changed while one is under way. */
export const openSelftest = (now: Circumstances = {}) => {
  const station = new Station()
  station.on()
  const { clock } = station
  const { play, signs, signItems, dispatcher, time } = station.agent
  const events: EventBody[] = []
  const emit = (event: EventBody): void => void events.push(event)
  const condition = new Condition({ clock, amplifiers: ['main'], emit, further: () => [] })
  const relay = openRelay(station, condition, now)
  const crypto = createCryptography()
  const selftest = new Selftest({
    clock,
    logger: silentLogger,
    crypto,
    identity: { device: 'd-1', province: '75', commune: '26068', board: 'bench', agent: '0.1.0' },
    amplifiers: [
      { id: 'main', hasRelay: true, readBack: true, withinMs: 200, minOffMs: 2000, feedsSigns: false },
    ],
    panels: [{ id: 'gate', width: 64, height: 16, color: 'rgb' }],
    hasCapture: now.heard !== undefined,
    condition,
    switchAmplifier: createAmplifierSwitch({
      clock,
      playout: relay,
      condition,
      maxOnSeconds: () => 600,
      minOffMs: () => 2000,
      muted: () => now.muted === true,
    }),
    letGo: (id) => relay.amplifier(id, false),
    localPlay: localPlayOf(station, now),
    localSign: new LocalSign({
      signs,
      signItems,
      files: new LocalPictures(),
      clock,
      crypto,
      area: '75/26068',
      language: 'vi',
    }),
    signItems,
    signs,
    play,
    alerts: () => now.alerts ?? [],
    planned: (from, until) =>
      dispatcher.planned(from, until).map(({ item, planned }) => ({
        item: item.id,
        from: planned,
        until: epochMs(planned + 1000 * itemSeconds(item, (sound) => SOUND_FRAMES[sound])),
      })),
    muted: () => now.muted === true,
    quiet: () => now.quiet === true,
    broker: {
      connected: () => now.broker !== 'gone',
      fault: () => 'no broker is connected',
      say: () => clock.sleep(20, new AbortController().signal),
      cameBack: () => now.broker !== 'deaf',
    },
    time,
    signer: { sign: async () => ({ unsigned: 'no key' }) },
    emit: (code, severity, data) => emit({ at: isoUtc(clock.wall()), code, severity, data }),
  })
  const told: SelftestProgress[] = []
  const stop = new AbortController()
  const begin = async (by: SelftestReport['by']): Promise<void> => {
    for await (const progress of selftest.run(by, stop.signal)) {
      told.push(progress)
      if (progress.state !== 'question') continue
      const answer = now.answers?.[progress.question]
      if (answer !== undefined) selftest.answer(progress.run, progress.question, answer)
    }
  }
  /** Runs to the end of `seconds`, at most. */
  const run = async (by: SelftestReport['by'], seconds = 60): Promise<SelftestProgress | undefined> => {
    const running = begin(by)
    let over = false
    void running.finally(() => {
      over = true
    })
    for (let passed = 0; passed < seconds && !over; passed += 1) {
      await station.pass(1, 20)
      await settled()
    }
    return told.at(-1)
  }
  const report = (): SignedReport => {
    const last = told.at(-1)
    if (last?.state !== 'ended') throw new Error(`no report: ${JSON.stringify(told)}`)
    return last.report
  }
  /** `sweep ok`, `sign gate problem SIGN`. */
  const results = (): readonly string[] =>
    report().steps.map(({ step, id, result, code }) =>
      [step, id, result, code].filter((word) => word !== undefined).join(' '),
    )
  return {
    station,
    selftest,
    relay,
    events,
    told,
    stop,
    begin,
    run,
    report,
    results,
    [Symbol.asyncDispose]: () => station.crash(),
  }
}
