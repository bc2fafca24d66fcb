import type { Dice } from './dice.ts'
import { killedBefore1970, over1970, overBack, overForward } from './step-judge.ts'
import type { StepLane } from './step-lane.ts'

const HOUR_MS = 3_600_000
const LEAD_MS = 4000
const WINDOW = { policy: 'skip', withinSeconds: 60 } as const
const PATIENT = { policy: 'play', withinSeconds: 4000 } as const

const wholeSecond = (ms: number): number => Math.ceil(ms / 1000) * 1000
const policyOf = (dice: Dice) => dice.oneOf<'skip' | 'play' | 'join'>('skip', 'play', 'join')

/** `over` plays over the step or is near it; `jumped` and `open` are due in the hour that is jumped over; `after` follows. */
export async function anHourAhead(lane: StepLane, round: number, dice: Dice): Promise<string> {
  const base = wholeSecond(lane.clock.now() + LEAD_MS)
  const stepAt = base + dice.between(-1500, 5500)
  const jumped = (): number => Math.round(stepAt + dice.between(3000, 3_400_000))
  const joined = Math.round(stepAt + HOUR_MS - dice.between(500, 6000))
  await lane.publish(round, [
    { id: 'over', at: base, seconds: 4, late: { policy: policyOf(dice), withinSeconds: 60 } },
    { id: 'jumped', at: jumped(), seconds: 2, late: WINDOW },
    { id: 'open', at: jumped(), seconds: 2, late: PATIENT },
    { id: 'joined', at: joined, seconds: 4, late: { policy: 'join', withinSeconds: 600 } },
    { id: 'after', at: wholeSecond(stepAt + HOUR_MS + 5000), seconds: 1, late: WINDOW },
  ])
  await lane.until(stepAt)
  const since = lane.soundingFor(base)
  lane.step(HOUR_MS)
  lane.allow(round, 'over', overForward(since))
  lane.allow(round, 'jumped', ['missed LATE'])
  lane.allow(round, 'open', ['completed'])
  lane.allow(round, 'joined', ['completed', 'partial LATE', 'missed LATE'])
  lane.allow(round, 'after', ['completed'])
  return lane.settled(round, ['over', 'jumped', 'open', 'joined', 'after'])
}

/** `again` is due in the hour lived twice; `ahead` in the part of it that the next step jumps over. */
export async function anHourBack(lane: StepLane, round: number, dice: Dice): Promise<string> {
  const base = wholeSecond(lane.clock.now() + LEAD_MS)
  const stepAt = base + dice.between(-1500, 5500)
  await lane.publish(round, [
    { id: 'over', at: base, seconds: 4, late: { policy: policyOf(dice), withinSeconds: 60 } },
    { id: 'again', at: wholeSecond(stepAt - HOUR_MS + dice.between(2000, 5000)), seconds: 2, late: WINDOW },
    {
      id: 'ahead',
      at: Math.round(stepAt - HOUR_MS + dice.between(200_000, 3_400_000)),
      seconds: 1,
      late: WINDOW,
    },
    { id: 'after', at: wholeSecond(stepAt - HOUR_MS + 6000), seconds: 1, late: WINDOW },
  ])
  await lane.until(stepAt)
  const since = lane.soundingFor(base)
  lane.step(-HOUR_MS)
  lane.allow(round, 'over', overBack(since))
  lane.allow(round, 'again', ['completed'])
  lane.allow(round, 'ahead', ['missed LATE'])
  lane.allow(round, 'after', ['completed'])
  const now = since > 700 ? ['over', 'again', 'after'] : ['again', 'after']
  return lane.settled(round, now)
}

/** `unknown` closes while the time is not known, `open` is still in its window when it becomes known. */
const around1970 = (base: number) =>
  [
    { id: 'unknown', at: base + 5000, seconds: 1, late: { policy: 'skip', withinSeconds: 1 } },
    { id: 'open', at: base + 5500, seconds: 2, late: PATIENT },
    { id: 'after', at: base + 15_000, seconds: 1, late: WINDOW },
  ] as const

async function known(lane: StepLane, round: number, dice: Dice): Promise<string> {
  lane.set(Date.now())
  lane.clock.synchronised(dice.oneOf(true, false))
  lane.allow(round, 'unknown', ['missed NO_CLOCK'])
  lane.allow(round, 'open', ['completed'])
  lane.allow(round, 'after', ['completed'])
  return lane.settled(round, ['over', 'unknown', 'open', 'after'])
}

/** Starts at 1970 after a death in the middle of an item, as a board without RTC does after a power cut. */
export async function bootAt1970(lane: StepLane, round: number, dice: Dice): Promise<string> {
  const base = wholeSecond(Date.now() + LEAD_MS)
  const policy = policyOf(dice)
  await lane.publish(round, [
    { id: 'over', at: base, seconds: 8, late: { policy, withinSeconds: 600 } },
    ...around1970(base),
  ])
  await lane.until(base + dice.between(1500, 3000))
  await lane.crash()
  lane.clock.synchronised(false)
  lane.clock.set(dice.between(0, 60_000))
  await lane.bench.agent.start()
  await waitFor(base + dice.between(8500, 11_000))
  lane.allow(round, 'over', killedBefore1970(policy))
  return known(lane, round, dice)
}

/** The running agent is set to 1970 and to now again. */
export async function setTo1970(lane: StepLane, round: number, dice: Dice): Promise<string> {
  const base = wholeSecond(Date.now() + LEAD_MS)
  const policy = policyOf(dice)
  await lane.publish(round, [
    { id: 'over', at: base, seconds: 8, late: { policy, withinSeconds: 600 } },
    ...around1970(base),
  ])
  await lane.until(base + dice.between(-1500, 2500))
  const since = lane.soundingFor(base)
  lane.clock.synchronised(false)
  lane.set(dice.between(0, 60_000))
  await waitFor(base + dice.between(7000, 7800))
  lane.allow(round, 'over', over1970(since, policy))
  return known(lane, round, dice)
}

/** By the true clock. */
const waitFor = async (at: number): Promise<void> => {
  await new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, at - Date.now()))
  })
}
