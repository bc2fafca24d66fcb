import type { PageView } from '../../../agent/core/page-view.ts'
import { createStatusPage } from '../../../agent/page/page.ts'
import { viewOf } from '../../../test/fakes/page-view.ts'
import { Agent } from '../../../test/rig/agent.ts'
import { Bench, inMs, itemAt, toneMp3 } from '../../../test/rig/bench.ts'
import { flood } from '../../../test/rig/documents.ts'
import { eventually } from '../../../test/rig/eventually.ts'
import { freePort } from '../../../test/rig/mosquitto.ts'

const sign = (id: string, width: number, height: number) => ({
  id,
  driver: 'virtual',
  width,
  height,
  color: 'rgb',
})
const amplifier = (id: string) => ({ id, driver: 'virtual', settleMs: 300, holdMs: 200, minOffMs: 0 })
const BOARD = {
  amplifiers: [amplifier('main'), amplifier('market')],
  signs: [sign('gate', 64, 16), sign('hall', 128, 32)],
}

const ITEM = {
  title: 'Bản tin sáng: Ủy ban nhân dân xã mời họp thôn',
  sign: { pages: [{ text: 'HỌP THÔN 19 GIỜ', mode: 'still', color: 'amber', seconds: 30 }] },
}

/** A real agent whose page is on, and what the province tells it. */
export const openDevice = async () => {
  const port = await freePort()
  const bench = await Bench.running({ config: { page: { listen: `127.0.0.1:${port}` } }, board: BOARD })
  const { agent, observer } = bench
  let rev = 0
  const publish = (at: number, seconds: number): Promise<void> => {
    rev += 1
    return observer.schedule(rev, [
      itemAt('ban-tin', at, { ...ITEM, parts: [bench.serve(toneMp3(seconds), seconds)] }),
      itemAt('thoi-tiet', at + 3_600_000, { title: 'Dự báo thời tiết', parts: [{ sound: 'chime' }] }),
      itemAt('xa', at + 90_000_000, {
        title: 'Tiếp sóng đài tỉnh',
        parts: [bench.serve(toneMp3(2), 2, { sha256: 'f'.repeat(64) })],
      }),
    ])
  }
  const alert = flood(1)
  const longFlood = {
    ...alert,
    alerts: alert.alerts.map((each) => ({
      ...each,
      headline: { vi: 'LŨ KHẨN CẤP' },
      siren: { onSeconds: 60, offSeconds: 1, cycles: 1 },
      sign: { pages: [{ text: 'SƠ TÁN NGAY', mode: 'still', color: 'red', seconds: 30 }] },
    })),
  }
  const url = `http://127.0.0.1:${port}`
  /** The page is a second behind. */
  const says = (words: string): Promise<unknown> =>
    eventually(
      `the page says ${words}`,
      async () => (await (await fetch(`${url}/parts?lang=vi`)).text()).includes(words) || undefined,
    )
  const is = (state: string): Promise<unknown> =>
    eventually(
      `the device is ${state}`,
      async () => (await agent.status()).state === state || undefined,
      30_000,
    )
  return {
    url,
    stop: () => agent.stop(),
    idle: () => publish(inMs(3_600_000), 4),
    played: async () => {
      await publish(inMs(4000), 1)
      await observer.record('ban-tin')
    },
    playing: async () => {
      await publish(inMs(4000), 60)
      await is('playing')
      await says('; đang phát.')
    },
    alert: async () => {
      await observer.document('75', 'alert', longFlood)
      await is('alert')
      await says('LŨ KHẨN CẤP')
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  }
}

/** A device without sound card, broker and one of its signs. */
export const openBroken = async () => {
  const port = await freePort()
  const agent = new Agent({
    config: { page: { listen: `127.0.0.1:${port}` } },
    board: {
      ...BOARD,
      audio: { driver: 'alsa', device: 'hw:CARD=none' },
      signs: [
        sign('gate', 64, 16),
        {
          id: 'hall',
          driver: 'adalight',
          port: '/dev/no-such-port',
          width: 64,
          height: 16,
          color: 'rgb',
          layout: 'serpentine',
        },
      ],
    },
  })
  await agent.start()
  await eventually(
    'it knows that it is broken',
    async () => (await agent.status()).health === 'fault' || undefined,
    30_000,
  )
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => agent[Symbol.asyncDispose]() }
}

const LONG = 'Thôngbáokhôngcódấucách'.repeat(12)
/** Names as long as they may be, and words that do not break. */
const longView = (): PageView =>
  viewOf(
    {
      status: {
        device: 'd'.repeat(40),
        playing: {
          item: 'x',
          title: LONG,
          document: '75/26068/schedule',
          positionSeconds: 80,
          durationSeconds: 300,
          volume: 70,
        },
        next: [{ item: 'y', title: LONG, at: '2026-11-24T10:00:00.000Z', armed: false, reason: 'NO_MEDIA' }],
        problems: [{ code: 'SIGN', detail: LONG }],
        health: 'degraded',
        amps: { ['a'.repeat(40)]: 'stuck' },
        net: { bearer: 'ethernet', addresses: ['2001:db8:1111:2222:3333:4444:5555:6666'] },
      },
    },
    { signs: [{ id: 's'.repeat(40), takes: 'text', ok: true, proof: 'sent', text: LONG }] },
  )

/** Pages without a device: all well, as no bench without its keys is, and everything too long. */
export const MADE_UP = {
  well: () => Promise.resolve(createStatusPage(() => viewOf())),
  long: () => Promise.resolve(createStatusPage(longView)),
} as const
