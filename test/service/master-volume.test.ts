import { expect, test } from 'vitest'
import type { DesiredConfig } from '../../agent/core/documents.ts'
import { MasterVolume } from '../../agent/services/master-volume.ts'
import { memoryFacts } from '../fakes/memory-state-store.ts'

type Desired = { readonly rev: number; readonly config: DesiredConfig }

const bench = (first?: Desired) => {
  const facts = memoryFacts()
  let desired = first
  const open = (): MasterVolume => new MasterVolume(facts, () => desired)
  let master = open()
  return {
    master: () => master,
    publish: (rev: number, config: DesiredConfig): void => {
      desired = { rev, config }
      master.desiredChanged()
    },
    restart: (): void => {
      master = open()
      master.desiredChanged()
    },
  }
}

test('it is 100 until somebody says something', () => {
  const { master, publish } = bench()
  expect(master().percent).toBe(100)
  publish(1, { volume: 60 })
  expect(master().percent).toBe(60)
})

test('an order goes over desired and outlives a restart', () => {
  const { master, restart } = bench({ rev: 4, config: { volume: 60 } })
  master().order(30)
  expect(master().percent).toBe(30)
  restart()
  expect(master().percent).toBe(30)
})

test('a higher revision takes over only if it gives a volume, and then for good', () => {
  const { master, publish, restart } = bench({ rev: 4, config: { volume: 60 } })
  master().order(30)
  publish(5, { groups: [] })
  expect(master().percent).toBe(30)
  publish(6, { volume: 80 })
  expect(master().percent).toBe(80)
  publish(7, {})
  restart()
  expect(master().percent).toBe(100)
})

test('silence is a volume', () => {
  const { master, publish } = bench()
  master().order(0)
  expect(master().percent).toBe(0)
  publish(1, { volume: 0 })
  expect(master().percent).toBe(0)
})
