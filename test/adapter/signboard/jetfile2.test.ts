import { describe, expect, test } from 'vitest'
import { AMBER } from '../../../agent/core/sign/color.ts'
import { epochMs } from '../../../agent/core/time.ts'
import { openJetfile2Signboard } from '../../../drivers/signboard/jetfile2/jetfile2-signboard.ts'
import { FakePort, noPty } from '../../fakes/pty.ts'
import { JET, JetSign } from '../../fakes/signs/jetfile2.ts'
import { until } from '../../fakes/until.ts'

const NOW = epochMs(Date.UTC(2026, 10, 22, 3, 0, 0))
const PLAIN = { mode: 'still', color: AMBER, urgent: false } as const
const DARK = { width: JET.width, height: JET.height, rgb: new Uint8Array(JET.width * JET.height * 3) }

describe.skipIf(noPty)('a JetFile II sign', () => {
  test('keeps a page while the agent lives, and goes back to its timetable when the agent is gone', async () => {
    const sign = new JetSign(JET)
    await using port = await FakePort.create((bytes) => {
      for (const { apply, ack } of sign.feed(bytes)) {
        apply()
        if (ack !== undefined) port.send(ack)
      }
    })
    await port.plug()
    await using board = await openJetfile2Signboard(
      { ...JET, port: port.path, content: 'text', watchdogSeconds: 1 },
      () => NOW,
    )
    board.show(DARK, 'LU VE', PLAIN)
    await until('the page', () => sign.seen() === 'LU VE')
    const seen = new Set<string | undefined>()
    const end = performance.now() + 1500
    await until('more than the time of the watchdog', () => {
      seen.add(sign.seen())
      return performance.now() > end
    })
    expect([...seen]).toEqual(['LU VE'])
    await port.unplug()
    await until('the timetable', () => sign.seen() === 'the timetable of the sign')
  })
})
