import type { SignedReport } from '../../agent/core/selftest/report.ts'

/** A report of a technician, with everything in it that a page shows. */
export const selftestReport: SignedReport = {
  v: 1,
  device: 'd-7k2m4q9x',
  province: '75',
  commune: '26068',
  board: 'rpi-4b-relay-hat',
  agent: '0.1.0',
  at: '2026-11-22T03:10:00.000Z',
  by: 'technician',
  steps: [
    {
      step: 'amplifier',
      id: 'main',
      result: 'ok',
      facts: { readBack: true, closedMs: 31, openedMs: 22 },
    },
    {
      step: 'sweep',
      result: 'ok',
      facts: { fromHz: 100, toHz: 8000, seconds: 6, volume: 70, playedSeconds: 6, relay: true, heard: 0.88 },
    },
    { step: 'siren', result: 'ok', facts: { sound: 'siren-wail', seconds: 3, volume: 20, playedSeconds: 3 } },
    { step: 'pilot', result: 'ok', facts: { volume: 40, playedSeconds: 2.52, heard: 0.93 } },
    {
      step: 'sign',
      id: 'gate',
      result: 'problem',
      code: 'SIGN',
      message: 'gate: <the port> is gone',
      facts: { width: 64, height: 16, color: 'rgb' },
    },
    { step: 'broker', result: 'ok', facts: { ackMs: 18.231, seenMs: 25.319 } },
    { step: 'clock', result: 'ok', facts: { state: 'synced', offsetMs: 0.412 } },
  ],
  answers: [
    { question: 'sweep', answer: 'yes' },
    { question: 'siren', answer: 'no' },
    { question: 'sign', id: 'gate', answer: 'skip' },
  ],
  remark: 'dây loa mới <script>alert(1)</script> & "cột 3"',
  ok: false,
  signature: { alg: 'ES256', x5t: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA', jws: 'aGVhZA.Ym9keQ.c2ln' },
}
