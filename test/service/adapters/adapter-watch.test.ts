import { describe, expect, test } from 'vitest'
import type { Adapter } from '../../../agent/core/adapter/adapters.ts'
import { LoaError } from '../../../agent/core/error.ts'
import type { AdapterPlace, HubPower } from '../../../agent/ports/adapters.ts'
import { AdapterWatch } from '../../../agent/services/adapter-watch.ts'
import { Condition } from '../../../agent/services/condition.ts'
import { SocketPower } from '../../../agent/services/socket-power.ts'
import { ManualClock } from '../../fakes/manual-clock.ts'
import { MemoryStateStore } from '../../fakes/memory-state-store.ts'

const SOUND: Adapter = { id: 'sound', kind: 'card', name: 'Device' }
const GATE: Adapter = { id: 'gate', kind: 'port', name: '/dev/ttyUSB0' }
const SOCKET = { adapter: 'gate', hub: '1-1', port: 2, afterSeconds: 30, offSeconds: 3, atMostADay: 2 }

/** A receiver with a USB sound card and a sign, whose socket can be switched. Its store outlives it. */
class Receiver implements HubPower {
  readonly clock = new ManualClock()
  readonly store = new MemoryStateStore(() => this.clock.wall())
  readonly plugged = new Map<string, AdapterPlace>()
  readonly switched: string[] = []
  refusal: LoaError | undefined
  sounding = false
  alert = false
  condition = this.#newCondition()
  watch = this.#newWatch()
  #devices = 0

  constructor() {
    this.plug(SOUND, '1-1.3')
    this.plug(GATE, '1-1.2')
  }

  plug({ id }: Adapter, usb?: string): void {
    this.#devices += 1
    const identity = `device ${this.#devices}`
    this.plugged.set(id, usb === undefined ? { identity } : { identity, usb })
  }

  unplug({ id }: Adapter): void {
    this.plugged.delete(id)
  }

  async seconds(count: number): Promise<void> {
    for (let second = 0; second < count; second += 1) {
      this.watch.tick()
      await this.clock.advance(1000)
    }
  }

  restart(): void {
    this.condition = this.#newCondition()
    this.watch = this.#newWatch()
  }

  async cycle(hub: string, port: number, offSeconds: number): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal
    this.switched.push(`${hub} ${port} ${offSeconds}`)
  }

  get events(): readonly string[] {
    return this.store.outbox.pending(0, Number.POSITIVE_INFINITY).flatMap((entry) => {
      if (entry.topic !== 'event' || entry.record.code === 'DATABASE') return []
      const { code, severity, data } = entry.record
      return [`${code} ${severity} ${String(data['source'])} ${String(data['state'])}`]
    })
  }

  #newCondition(): Condition {
    return new Condition({
      clock: this.clock,
      amplifiers: [],
      emit: (event) => this.store.outbox.event(event),
      further: () => [],
    })
  }

  #newWatch(): AdapterWatch {
    return new AdapterWatch({
      clock: this.clock,
      adapters: [SOUND, GATE],
      finder: {
        find: ({ id }) => this.plugged.get(id),
        betterName: ({ id }) => (id === 'gate' ? '/dev/serial/by-id/usb-x' : undefined),
      },
      condition: this.condition,
      sockets: new SocketPower({
        clock: this.clock,
        sockets: [SOCKET],
        power: this,
        facts: this.store.facts,
        condition: this.condition,
      }),
      sounding: () => this.sounding,
      alertInForce: () => this.alert,
      soundSomewhere: true,
    })
  }
}

describe('adapters of a receiver', () => {
  test('are problems while they are out, even when nobody needs them, and each change is one event', async () => {
    const receiver = new Receiver()
    await receiver.seconds(3)
    receiver.unplug(SOUND)
    receiver.unplug(GATE)
    await receiver.seconds(5)
    expect(receiver.condition.problems).toEqual([
      { code: 'AUDIO_DEVICE', detail: 'sound: Device is not plugged in' },
      { code: 'SIGN', detail: 'gate: /dev/ttyUSB0 is not plugged in' },
    ])
    receiver.plug(SOUND, '1-1.3')
    receiver.plug(GATE, '1-1.2')
    await receiver.seconds(5)
    expect(receiver.condition.problems).toEqual([])
    expect(receiver.events).toEqual([
      'ADAPTER warning adapter sound lost',
      'ADAPTER warning adapter gate lost',
      'ADAPTER info adapter sound back',
      'ADAPTER info adapter gate back',
    ])
  })

  test('are reported with their counts, and the name that would stay', async () => {
    const receiver = new Receiver()
    await receiver.seconds(1)
    receiver.plug(GATE)
    await receiver.seconds(1)
    expect(receiver.watch.reports).toEqual([
      { id: 'sound', name: 'Device', present: true, losses: 0, returns: 0, cycles: 0 },
      {
        id: 'gate',
        name: '/dev/ttyUSB0',
        present: true,
        losses: 1,
        returns: 1,
        cycles: 0,
        better: '/dev/serial/by-id/usb-x',
      },
    ])
  })
})

describe('the socket of an adapter that is gone', () => {
  const lost = async (): Promise<Receiver> => {
    const receiver = new Receiver()
    await receiver.seconds(1)
    receiver.unplug(GATE)
    return receiver
  }

  test('is switched off and on, which is an event and counted, at most so often a day', async () => {
    const receiver = await lost()
    await receiver.seconds(29)
    expect(receiver.switched).toEqual([])
    await receiver.seconds(3600)
    expect(receiver.switched).toEqual(['1-1 2 3', '1-1 2 3'])
    expect(receiver.events.filter((event) => event.endsWith('switched'))).toEqual([
      'ADAPTER info adapter gate switched',
      'ADAPTER info adapter gate switched',
    ])
    expect(receiver.watch.reports[1]?.cycles).toBe(2)
  })

  test('is not switched more often by an agent that starts again and again', async () => {
    const receiver = await lost()
    for (let start = 0; start < 6; start += 1) {
      await receiver.seconds(60)
      receiver.restart()
    }
    expect(receiver.switched).toHaveLength(2)
  })

  test('is left alone while something sounds from a card on USB', async () => {
    const receiver = await lost()
    receiver.sounding = true
    await receiver.seconds(120)
    expect(receiver.switched).toEqual([])
    receiver.sounding = false
    await receiver.seconds(1)
    expect(receiver.switched).toHaveLength(1)
  })

  test('is switched while something sounds from a HAT', async () => {
    const receiver = await lost()
    receiver.plug(SOUND)
    receiver.sounding = true
    await receiver.seconds(60)
    expect(receiver.switched).toHaveLength(1)
  })

  test('is left alone while an alert is in force, whatever the sound comes from', async () => {
    const receiver = await lost()
    receiver.plug(SOUND)
    receiver.alert = true
    await receiver.seconds(120)
    expect(receiver.switched).toEqual([])
  })

  test('that cannot be switched is told once, and tried on', async () => {
    const receiver = await lost()
    receiver.refusal = new LoaError('UNSUPPORTED', 'uhubctl is not installed')
    await receiver.seconds(3600)
    expect(receiver.events.filter((event) => event.includes('switched'))).toEqual([
      'ADAPTER warning adapter gate not-switched',
    ])
    expect(receiver.watch.reports[1]?.cycles).toBe(0)
  })
})
